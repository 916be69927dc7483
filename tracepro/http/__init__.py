"""The HTTP side: the app in front of Falcon, what is read of a request, and the resources of both APIs."""
