// One moment of the whole store.
#pragma once

#include <verso/reader.hpp>

#include <memory>

namespace verso {

namespace engine {
struct SnapshotState;
}

/// Reads one moment of the store, whatever is written meanwhile. It never waits and nobody waits
/// for it; but while it lives, the file cannot reuse the space of what has been replaced since, so
/// let it be short.
///
/// Lifetime:      it keeps the store open.
/// Thread safety: movable
class Snapshot : public Reader {
public:
    Snapshot(Snapshot&&) noexcept;
    Snapshot& operator=(Snapshot&&) noexcept;
    ~Snapshot();

private:
    friend class Store;
    explicit Snapshot(std::unique_ptr<engine::SnapshotState> state) noexcept;
    std::unique_ptr<engine::SnapshotState> state_;
};

}  // namespace verso
