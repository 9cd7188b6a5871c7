from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.messages import RunState
from tests.ui.stage import Stage


def test_that_a_wrong_setting_in_the_form_keeps_train_from_starting(with_data: Stage):
    box = with_data.window.setup_panel.form.editor("learning_rate")
    box.setFocus()
    box.setText("fast")
    with_data.trigger("train")
    assert with_data.state is RunState.DATA
    assert "Learning rate" in with_data.notices[0].message
    with_data.trigger("train")
    with_data.wait_for_idle()
    assert with_data.state is RunState.FITTED


def test_that_what_is_being_typed_counts_when_train_is_pressed(with_data: Stage):
    box = with_data.window.setup_panel.form.editor("learning_rate")
    box.setFocus()
    box.setText("0.25")
    with_data.trigger("train")
    with_data.wait_for_idle()
    assert with_data.fit.runs[-1][2].learning_rate == 0.25


def test_that_the_notice_about_a_wrong_setting_goes_with_the_next_good_one(with_data: Stage):
    form = with_data.window.setup_panel.form
    for text in ("fast", "0.5"):
        box = form.editor("learning_rate")
        box.setText(text)
        box.editingFinished.emit()
        assert len(with_data.notices) == (1 if text == "fast" else 0)


def test_that_train_waits_for_the_file_that_is_being_read(with_data: Stage, tmp_path):
    path = tmp_path / "next.csv"
    path.write_text("a,b\n1,2\n2,3\n3,5\n4,4\n")
    with_data.session.open_file(ImportChoice(path))
    with_data.trigger("train")
    assert with_data.fit.runs == []
    with_data.qtbot.waitUntil(lambda: with_data.session.table.title == "next.csv")
    with_data.trigger("train")
    with_data.wait_for_idle()
    assert with_data.fit.runs[-1][0].target_name == "b"


def test_that_export_is_offered_only_where_there_is_something_to_take(stage: Stage):
    assert not stage.window.menus._export.isEnabled()
    stage.open()
    assert stage.window.menus._export.isEnabled()


def test_that_a_cold_start_says_that_tensorflow_is_loading(with_data: Stage):
    with_data.fit.free.clear()
    with_data.window.status.engine_is_ready = False
    with_data.session.start_training()
    assert "Loading TensorFlow" in with_data.window.status.text
    with_data.fit.free.set()
    with_data.wait_for_idle()
