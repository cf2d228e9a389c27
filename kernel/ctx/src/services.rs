//! Long-lived services by type: the blob store, the typesetter, the bus. No globals.
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

use zs_base::{Error, Result};

/// A map from type to the one instance.
#[derive(Clone, Default)]
pub struct Services(Arc<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Services({})", self.0.len())
    }
}

impl Services {
    /// Adds one, while the process starts.
    #[must_use]
    pub fn with<T: Send + Sync + 'static>(mut self, service: Arc<T>) -> Self {
        let mut map: HashMap<_, _> = self.0.iter().map(|(k, v)| (*k, Arc::clone(v))).collect();
        map.insert(TypeId::of::<T>(), service);
        self.0 = Arc::new(map);
        self
    }
    /// The instance of a type.
    #[track_caller]
    pub fn get<T: Send + Sync + 'static>(&self) -> Result<Arc<T>> {
        self.0
            .get(&TypeId::of::<T>())
            .and_then(|s| Arc::clone(s).downcast::<T>().ok())
            .ok_or_else(|| Error::internal(format!("no service {}", std::any::type_name::<T>())))
    }
}
