alter table app.tags rename column tag to keyword;
