using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Web.Pages.Cameras;
using TrafficFlow.Wire.Cameras;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

/// <summary>What nodes say of their cameras in English, made by the code that says it, as Japanese pages and reports show it.</summary>
public sealed class CameraReasonTests
{
    private static readonly VideoSource s_source = VideoSource.Parse("rtsp://10.0.0.7/stream");

    [Theory]
    [InlineData("http error 401 Unauthorized", "ユーザー名またはパスワードが違います")]
    [InlineData("403 Forbidden", "閲覧権限がありません")]
    [InlineData("404 Not Found", "その映像がありません")]
    [InlineData("No such file or directory", "パスを確認してください")]
    [InlineData("Connection refused", "接続を拒否されました")]
    [InlineData("No route to host", "ネットワークが届いていません")]
    [InlineData("Failed to resolve hostname x", "ホスト名が分かりません")]
    [InlineData("Connection timed out", "応答がありません")]
    [InlineData("Unsupported RTP profile", "SRTP")]
    [InlineData("461 Unsupported transport", "RTP over TCP")]
    [InlineData("Port missing in uri", "アドレスを解釈できません")]
    [InlineData("Protocol not found", "このプロトコルに対応していません")]
    [InlineData("moov atom not found", "索引がなく")]
    [InlineData("stream ended prematurely", "途中で終わっています")]
    [InlineData("Invalid data found when processing input", "形式を判別できません")]
    [InlineData("Output file matches no streams", "映像が含まれていません")]
    [InlineData("Permission denied", "読み取り権限がありません")]
    [InlineData("URL x not on whitelist", "再生リスト")]
    [InlineData("exceeds specified max pixel count", "8192x4320")]
    [InlineData("Cannot allocate memory", "必要以上のメモリー")]
    [InlineData("something that nobody knows", "途切れました。配信が終わりました")]
    public void What_ffmpeg_complains_of_is_said_in_Japanese_with_source_and_its_own_words(string complaint, string said)
    {
        var reason = FfmpegDiagnosis.Explain(s_source, 0, [complaint], FrameSourceFailure.Died, "the stream ended; it is opened anew").Message;

        var (text, language) = Japanese(Status with { Reason = reason });

        Assert.Equal("ja", language);
        Assert.Contains(said, text);
        Assert.StartsWith("rtsp://10.0.0.7", text);
        if (!complaint.Contains("whitelist", StringComparison.Ordinal)) Assert.Contains($"（ffmpeg: {complaint}）", text);
        Assert.Equal(new ReasonText(reason, "en"), Assert.Single(CameraReasons.All(Status with { Reason = reason }, "en")));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Every_failure_of_a_reader_has_its_word(FrameSourceFailure failure)
    {
        var reason = FfmpegDiagnosis.Explain(s_source, 17, [], failure, "what a later version says of it").Message;

        var (text, language) = Japanese(Status with { Reason = $"{reason} (17 frames were counted)" });

        Assert.Equal("ja", language);
        Assert.Contains("17 フレームの後", text);
    }

    public static TheoryData<FrameSourceFailure> Failures => [.. Enum.GetValues<FrameSourceFailure>()];

    [Theory]
    [MemberData(nameof(Scenes))]
    public void Every_state_of_a_scene_that_says_something_says_it_in_Japanese(SceneState state)
    {
        var verdict = new SceneVerdict(state, 0.03, 0.04, -1.5, 1.25);
        var status = Status with { Scene = state, SceneReason = verdict.Explain() };
        if (status.SceneReason.Length == 0)
        {
            Assert.Null(CameraReasons.OfScene(status, "ja"));
            return;
        }

        var (text, language) = Japanese(status);
        Assert.Equal("ja", language);
        if (state == SceneState.Moved) Assert.Contains("画面幅の 5.0 %、回転 -1.5 度、倍率 1.25", text);
    }

    public static TheoryData<SceneState> Scenes => [.. Enum.GetValues<SceneState>()];

    [Theory]
    [InlineData("nothing heard since 2026-11-29 12:00:03Z: is its node up, and the link to it?", "2026-11-29 12:00:03Z 以降、連絡がありません。ノードの稼働と回線を確認してください。")]
    [InlineData("nothing heard of it: is its node up, and the link to it?", "連絡がありません。ノードの稼働と回線を確認してください。")]
    [InlineData("the source of camera cam1 did not open within 15 s: is the camera on and reachable?", "15 秒以内に映像を開けませんでした。カメラの電源と到達性を確認してください。")]
    [InlineData("the source is open, but has sent no picture yet", "接続しましたが、まだ映像が届いていません。")]
    public void What_nodes_and_pages_say_themselves_is_known(string reason, string said) => Assert.Equal((said, "ja"), Japanese(Status with { Reason = reason }));

    [Fact]
    public void Outbox_and_junction_are_told_and_what_nobody_knows_stays_English()
    {
        Assert.Equal(("ジャーナルに書き込めません。ディスクの空きと状態を確認してください（disk full）", "ja"), Japanese(Status with { OutboxReason = "the journal could not be written: disk full" }));
        Assert.Contains("12 % は片端しか", Japanese(Status with { Junction = new JunctionHealth(1, 2, 3, 4, 0.12, true) }).Text);
        Assert.Equal(("detector failed: out of memory", "en"), Japanese(Status with { Reason = "detector failed: out of memory" }));
        Assert.Empty(CameraReasons.All(Status, "ja"));
    }

    private static CameraStatus Status => new(new SiteId("demo"), new CameraId("cam1"), CameraState.BackingOff, "", 0, 0, 0, 0, null, 0, 0, "");

    private static (string Text, string Language) Japanese(CameraStatus status)
    {
        var only = Assert.Single(CameraReasons.All(status, "ja"));
        return (only.Text, only.Language);
    }
}
