alter table app.orders rename column customer to customer_id;
