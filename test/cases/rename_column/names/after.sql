alter table "Sälés"."Order" rename column "Tötal ""net""" to "select";
