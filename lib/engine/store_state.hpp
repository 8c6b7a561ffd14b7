// An open store, as its handles and snapshots share it.
#pragma once

#include <verso/store.hpp>

#include "domain/uuid_v7.hpp"
#include "engine/group_commit.hpp"
#include "engine/records.hpp"
#include "engine/view.hpp"
#include "engine/watch.hpp"
#include "storage/storage.hpp"
#include "storage/temporary_files.hpp"
#include "tree/rank.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace verso::engine {

class Writer;

/// Thread safety: safe, but that ids belong to whoever has the writing turn.
class StoreState {
public:
    StoreState(std::filesystem::path path, Options options,
               std::unique_ptr<storage::Storage> storage);
    ~StoreState();
    StoreState(const StoreState&) = delete;
    StoreState& operator=(const StoreState&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] const Options& options() const noexcept { return options_; }
    [[nodiscard]] storage::Storage& storage() noexcept { return *storage_; }
    [[nodiscard]] const tree::Secret& secret() const noexcept { return secret_; }

    /// Runs `change` and makes what it did durable, unless it throws. It waits for the writer
    /// before it, of whatever thread or process, and may run more than once: GroupCommit::run().
    void write(const std::function<void(Writer&)>& change,
               GroupCommit::Origin origin = GroupCommit::Origin::host);

    /// The same without waiting: GroupCommit::submit().
    void submit(std::function<void(Writer&)> change, GroupCommit::Done done);

    /// Keeps the store's files no longer than the store.
    void own(std::unique_ptr<const storage::TemporaryFiles> files) noexcept;

private:
    [[nodiscard]] tree::Secret initialise();
    [[nodiscard]] GroupCommit::Told told();
    void change(storage::WriteTransaction& transaction, const std::function<void(Writer&)>& change);

    std::unique_ptr<const storage::TemporaryFiles> files_;  ///< none: they stay
    std::filesystem::path path_;
    Options options_;
    std::unique_ptr<storage::Storage> storage_;
    std::unique_ptr<Watch> watch_;  ///< none: there is no observer
    Collected dropped_;             ///< since the last commit
    GroupCommit writing_;
    IdSource ids_;
    tree::Secret secret_;
    tree::Rank rank_;
};

/// How maintenance reaches past the Store.
struct StoreAccess {
    [[nodiscard]] static StoreState& state(const Store& store) noexcept { return *store.state_; }
};

/// A snapshot: what it reads, and the store that it keeps open.
struct SnapshotState {
    explicit SnapshotState(std::shared_ptr<StoreState> opened)
        : store(std::move(opened)),
          transaction(store->storage().begin_read()),
          view(*transaction) {}

    std::shared_ptr<StoreState> store;
    std::unique_ptr<storage::ReadTransaction> transaction;
    View view;
};

}  // namespace verso::engine
