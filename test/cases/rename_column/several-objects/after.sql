alter table app.stock rename column code to article;
