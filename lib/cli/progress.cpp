#include "cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace verso::cli {

Progress::Progress(std::string_view doing, bool wanted)
    : doing_(doing), wanted_(wanted && ::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { clear(); }

std::function<void(double)> Progress::callback() {
    if (!wanted_) return {};
    return [this](double done) { show(done); };
}

void Progress::show(double done) {
    const int percent = static_cast<int>(std::clamp(done, 0.0, 1.0) * 100);
    if (percent == percent_) return;
    percent_ = percent;
    constexpr std::size_t columns = 30;
    const auto filled = columns * static_cast<std::size_t>(percent) / 100;
    const std::string bar = std::string(filled, '#') + std::string(columns - filled, '.');
    std::fprintf(stderr, "\r%s [%s] %3d %%", doing_.c_str(), bar.c_str(), percent);
    std::fflush(stderr);
}

void Progress::clear() {
    if (percent_ < 0) return;
    percent_ = -1;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
}

}  // namespace verso::cli
