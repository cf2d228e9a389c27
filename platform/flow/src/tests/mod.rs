mod acts;
mod kit;
mod lists;
mod people;
mod races;
mod record;
mod times;
mod walk;
