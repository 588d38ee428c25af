alter table app.readings rename column sensor to probe;
