using TrafficFlow.Core.Sites;

namespace TrafficFlow.SystemTests.Accuracy.Streets;

/// <summary>One film of a street view, and which figure it belongs to.</summary>
/// <param name="Group">day, dark, people, hard or queue.</param>
/// <param name="Trouble">What makes it hard, in a word or two; empty for nothing.</param>
internal sealed record StreetCase(string Group, int View, string Light, string Trouble, FrameFormat Frame, double Seconds, string Options)
{
    public string Name => FormattableString.Invariant($"{Group}-{View}");

    public string Source => FormattableString.Invariant($"synthetic:view?view={View}&seconds={Seconds:0.###}&light={Light}{Options}");
}

/// <summary>The films of a run: seeds count up from the first one, and each group shows the same places.</summary>
internal static class StreetCases
{
    public const int FilmSeconds = 60;
    public const int QueueSeconds = 180;

    private static readonly (string Trouble, string Options)[] s_hard =
        [("blocks", "&bitrate=250"), ("sway", "&shake=3"), ("sway", "&shake=6"), ("blocks", "&bitrate=120&shake=1.5")];

    private static readonly string[] s_dark = ["dusk", "night", "rain"];

    /// <param name="count">Films by day, and as many in each other group; a third as many queues.</param>
    public static IEnumerable<StreetCase> Of(string group, int seed, int count, double seconds) => group switch
    {
        "day" => Seeds(seed, count).Select(v => new StreetCase(group, v, v % 3 == 0 ? "cloudy" : "day", "", FrameOf(v), seconds, "")),
        "dark" => Seeds(seed, count).Select(v => new StreetCase(group, v, s_dark[v % 3], "", FrameOf(v), seconds, "")),
        "queue" => Seeds(seed, (count + 2) / 3).Select(v => new StreetCase(group, v, v % 3 == 0 ? "cloudy" : "day", "queue", FrameOf(v), QueueSeconds, "&traffic=jam")),
        "people" => Of("day", seed, count, seconds).Select(c => c with { Group = group, Trouble = "people", Options = "&street=lively" }),
        "hard" => Seeds(seed, count).Select(v => new StreetCase(group, v, v % 3 == 0 ? "cloudy" : "day", s_hard[v % 4].Trouble, FrameOf(v), seconds, s_hard[v % 4].Options)),
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, "no such group"),
    };

    public static IReadOnlyList<string> Groups { get; } = ["day", "dark", "people", "hard", "queue"];

    /// <summary>Cameras differ: mostly wide pictures at ten a second, some small, some square, some slow or fast.</summary>
    private static FrameFormat FrameOf(int view) => (view % 10) switch
    {
        1 => new FrameFormat(352, 288, 12.5),
        3 => new FrameFormat(480, 270, 10),
        5 => new FrameFormat(640, 480, 5),
        7 => new FrameFormat(640, 360, 15),
        9 => new FrameFormat(480, 360, 25),
        _ => new FrameFormat(640, 360, 10),
    };

    private static IEnumerable<int> Seeds(int seed, int count) => Enumerable.Range(seed, count);
}
