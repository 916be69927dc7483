"""What an administrator looks at: what runs, who may call, what was archived and changed, and what a reload would change.

Nothing here has a secret in it; who is shown it must have the scope ``admin``, which whoever shows it asks for.
"""

from tracepro.database.backups import NotedBackup
from tracepro.inspection.archives import ArchivedRows, archives
from tracepro.inspection.audit import AuditPage, AuditRow, AuditSearch, search_audit
from tracepro.inspection.audit_rows import (
    WholeAuditRow,
    audit_id_at,
    audit_pages,
    audit_rows,
    count_audit_rows,
    newest_audit_id,
    next_audit_tm,
    settled_audit,
)
from tracepro.inspection.backups import backups, missing_backup
from tracepro.inspection.reloading import reload_changes
from tracepro.inspection.running import RunningPlugin, known_lines, running_plugins
from tracepro.inspection.token_list import TokenState, token_states

__all__ = [
    "ArchivedRows",
    "AuditPage",
    "AuditRow",
    "AuditSearch",
    "NotedBackup",
    "RunningPlugin",
    "TokenState",
    "WholeAuditRow",
    "archives",
    "audit_id_at",
    "audit_pages",
    "audit_rows",
    "backups",
    "count_audit_rows",
    "known_lines",
    "missing_backup",
    "newest_audit_id",
    "next_audit_tm",
    "reload_changes",
    "running_plugins",
    "search_audit",
    "settled_audit",
    "token_states",
]
