using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.Node.Watch;
using Xunit;

namespace TrafficFlow.SystemTests.Watch;

/// <summary>What is shown in place of open bins and cameras.</summary>
public sealed class WatchScreenTests
{
    private const string Live = "flow.demo.north.live";
    private const string Bin = """
        {"cursor":null,"site":"demo","approach":"north","minutes":1,"start":"2026-11-29T20:31:00+09:00","end":"2026-11-29T20:32:00+09:00","closed":false,"revision":0,
         "quality":"QUALITY","observed_seconds":42.5,"rows":[{"movement":"to south","class":"bus","count":2},{"movement":"to south","class":"motorcycle","count":1},{"movement":"to east","class":"bus","count":1}],
         "queue":{"mean_metres":12.4,"max_metres":30}}
        """;

    [Theory]
    [InlineData(true, Live)]
    [InlineData(true, Live, "health.demo.cam1")]
    [InlineData(false, Live, "flow.demo.north")]
    [InlineData(false, "journeys.demo")]
    [InlineData(false, "incidents.demo")]
    public void Only_topics_whose_newest_message_says_it_all_are_shown_in_place(bool isShown, params string[] topics) => Assert.Equal(isShown, topics.All(WatchScreen.IsState));

    [Fact]
    public void Open_bins_are_told_with_the_offset_of_their_times_and_how_long_they_were_watched()
    {
        var text = Shown(Live, Bin.Replace("QUALITY", "partial", StringComparison.Ordinal));

        Assert.Contains("times of the site, UTC+09:00", text, StringComparison.Ordinal);
        Assert.Contains("20:31-20:32", text, StringComparison.Ordinal);
        Assert.Contains("to east 1, to south 3", text, StringComparison.Ordinal);
        Assert.Contains("12 m, at most 30 m", text, StringComparison.Ordinal);
        Assert.Contains("good so far", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("degraded", "a camera lost frames, was moved or covered, or could not see")]
    [InlineData("blind", "counts are missing, not zero")]
    public void Why_a_bin_is_not_to_be_trusted_is_said_in_words(string quality, string told) =>
        Assert.Contains(told, Shown(Live, Bin.Replace("QUALITY", quality, StringComparison.Ordinal)).ReplaceLineEndings(" "), StringComparison.Ordinal);

    [Fact]
    public void A_camera_says_what_is_wrong_with_it()
    {
        var text = Shown("health.demo.cam1", """{"site":"demo","camera":"cam1","state":"backing-off","reason":"no picture\u001b[2J","frames":7,"dropped":0,"frames_per_second":9.5,"reconnects":3,"scene":"moved","scene_reason":"the picture has moved","junction":null}""");

        Assert.Contains("9.5 frames/s, 7 frames, 0 dropped, 3 reconnects", text, StringComparison.Ordinal);
        Assert.Contains("no picture", text, StringComparison.Ordinal);
        Assert.Contains("the picture has moved", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_anything_has_come_and_where_no_bin_is_open_that_is_said()
    {
        Assert.Contains("connecting", Shown(Live, null), StringComparison.Ordinal);
        Assert.Contains("no bin is open", SafeConsole.TextOf(WatchScreen.Picture([Live], new Dictionary<string, IReadOnlyList<JsonElement>> { [Live] = [] }, []), 200), StringComparison.Ordinal);
    }

    private static string Shown(string topic, string? value)
    {
        var latest = new Dictionary<string, IReadOnlyList<JsonElement>>();
        if (value is not null) latest[topic] = [JsonDocument.Parse(value).RootElement];
        return SafeConsole.TextOf(WatchScreen.Picture([topic], latest, []), 200);
    }
}
