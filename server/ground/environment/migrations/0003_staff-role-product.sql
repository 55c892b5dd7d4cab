-- expand: one more role; the previous release knows no scopes for it, so it lets nobody in who has it, and breaks nothing.
alter table environment.administrator drop constraint administrator_role_check;
alter table environment.administrator add constraint administrator_role_check
  check (role in ('administrator', 'support', 'product'));
