// The way to a new device: what may go wrong, which app, what it is called.
#pragma once

#include "enroll_tool/screens/plan.h"
#include "enroll_tool/screens/screen.h"

namespace warifu::screens {

// The first page of it: what to know before the second factor turns on, unless it is on.
std::unique_ptr<Screen> begin_adding(Plan plan);

// The three ways to lock oneself out, and the ways back.
class BeforeScreen final : public Screen {
  public:
    explicit BeforeScreen(Plan plan) : plan_(std::move(plan)) {}
    Page page(const Navigator& navigator) const override;
    void entered(Navigator& navigator) override;

  private:
    Plan plan_;
};

class AppScreen final : public Screen {
  public:
    explicit AppScreen(Plan plan);
    Page page(const Navigator& navigator) const override;
    Menu* menu() override { return &menu_; }
    void entered(Navigator& navigator) override;

  private:
    Plan plan_;
    Menu menu_;
};

// By the clock or by a counter.
class TokenScreen final : public Screen {
  public:
    explicit TokenScreen(Plan plan);
    Page page(const Navigator& navigator) const override;
    Menu* menu() override { return &menu_; }
    void entered(Navigator& navigator) override;

  private:
    Plan plan_;
    Menu menu_;
};

// The key that a token came with.
class TokenKeyScreen final : public Screen {
  public:
    explicit TokenKeyScreen(Plan plan) : plan_(std::move(plan)) {}
    Page page(const Navigator& navigator) const override;
    TextField* field() override { return &key_; }
    void entered(Navigator& navigator) override;

  private:
    Plan plan_;
    TextField key_{Accepts::key};
};

class NameScreen final : public Screen {
  public:
    explicit NameScreen(Plan plan);
    Page page(const Navigator& navigator) const override;
    TextField* field() override { return &label_; }
    void entered(Navigator& navigator) override;

  private:
    Plan plan_;
    TextField label_;
};

}  // namespace warifu::screens
