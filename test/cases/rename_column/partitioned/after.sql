alter table app.orders rename column total to amount;
