-- expand: an index; what the previous release reads and writes is as before.
-- When somebody is deleted for good, their name goes where they acted in other people's.
create index impersonation_by_staff on identity.impersonation (staff_id);
