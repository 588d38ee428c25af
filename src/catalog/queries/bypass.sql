-- PostgreSQL 15 and later. No parameters.
select has_parameter_privilege('session_replication_role', 'SET') as "canBypassTriggers"
