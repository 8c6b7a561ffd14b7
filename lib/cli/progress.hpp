// A progress bar on standard error, where that is a terminal; else nothing.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace verso::cli {

/// Thread safety: bound; the callback is called while the bar lives.
class Progress {
public:
    /// Requires: `doing` is safe to be shown, as `Importing`.
    Progress(std::string_view doing, bool wanted);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// What a long call is given: it takes how far it is, from 0 to 1.
    [[nodiscard]] std::function<void(double)> callback();

    /// Takes the bar away, before something else is printed.
    void clear();

private:
    void show(double done);

    std::string doing_;
    bool wanted_;
    int percent_ = -1;
};

}  // namespace verso::cli
