"""Old rows on their way out of the database into files that a site keeps."""
