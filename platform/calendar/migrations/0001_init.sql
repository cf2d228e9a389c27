create table calendar_year (
  year {int} primary key, source {text} not null, imported_at {ts} not null
) {strict};
create table calendar_day (
  year {int} not null references calendar_year (year), date {text} not null, kind {text} not null check (kind in ('off', 'work')),
  name {text} not null, primary key (date)
) {strict};
create index ix_calendar_day_year on calendar_day (year);
