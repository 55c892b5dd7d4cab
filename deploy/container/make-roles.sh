#!/bin/sh
# Run once by the PostgreSQL image, on an empty data folder: the owner, and the role of access, which owns nothing.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
     --set=owner_password="$HOLDFAST_OWNER_PASSWORD" --set=app_password="$HOLDFAST_APP_PASSWORD" <<'SQL'
create role holdfast_owner login password :'owner_password';
create role holdfast_app   login password :'app_password';
create database holdfast owner holdfast_owner;
revoke all on database holdfast from public;
grant connect on database holdfast to holdfast_app;
SQL
