extension Migration {
    /// What has been recorded stays as it was: the database itself refuses to change or to drop an audit event.
    static let sqliteAuditGuard = """
        CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
        BEGIN SELECT RAISE(ABORT, 'audit_event cannot be changed'); END;
        CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
        BEGIN SELECT RAISE(ABORT, 'audit_event cannot be deleted'); END;
        """

    /// `TRUNCATE` is a way of its own on PostgreSQL, and not a row's.
    static let postgresAuditGuard = """
        CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'audit_event cannot be changed' USING CONSTRAINT = 'audit_event_guard'; END $$;
        CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION audit_event_refuse();
        CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse();
        """
}
