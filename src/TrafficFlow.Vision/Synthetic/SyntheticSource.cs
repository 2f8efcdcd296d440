using System.Globalization;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;

namespace TrafficFlow.Vision.Synthetic;

/// <summary>
/// A source such as <c>synthetic:north</c> or <c>synthetic:east?seed=7&amp;seconds=60&amp;light=dusk</c>: the camera that watches that
/// approach, which traffic, how long (live when not told), and the light.
/// </summary>
/// <param name="IsJammed">Long reds: queues of dozens of vehicles stand for minutes.</param>
public sealed record SyntheticSource(ApproachId Approach, int Seed, double? Seconds, Lighting Lighting, bool IsJammed = false)
{
    public const string Scheme = "synthetic:";

    /// <summary>How such a source is written.</summary>
    public static string Form =>
        $"write synthetic:north, east, south or west, then ?seed=WHOLE-NUMBER, seconds=ABOVE-0, light={string.Join('|', Lighting.All.Select(l => l.Name))} and traffic=normal|jam, joined by &";

    /// <summary>The traffic that it shows.</summary>
    public JunctionSettings Traffic => (IsJammed ? JunctionSettings.Jammed : JunctionSettings.Default) with { Seed = Seed };

    public static bool IsSynthetic(string source) => source.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    public static bool IsValid(string source)
    {
        try
        {
            Parse(source);
            return true;
        }
        catch (FrameSourceException)
        {
            return false;
        }
    }

    /// <exception cref="FrameSourceException">The text names no camera of the junction, or an unknown or senseless option.</exception>
    public static SyntheticSource Parse(string source)
    {
        if (!IsSynthetic(source)) throw Refuse(source, $"does not begin with {Scheme}");
        var parts = source[Scheme.Length..].Split('?', 2);
        var approach = JunctionLayout.Approaches.FirstOrDefault(a => string.Equals(a.Value, parts[0], StringComparison.OrdinalIgnoreCase));
        if (approach == default) throw Refuse(source, $"has no camera \"{parts[0]}\"");
        var parsed = new SyntheticSource(approach, JunctionSettings.Default.Seed, null, Lighting.Day);
        foreach (var option in (parts.Length > 1 ? parts[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = option.Split('=', 2) is [var k, var v] ? (k, v) : (option, "");
            parsed = key switch
            {
                "seed" when int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed) => parsed with { Seed = seed },
                "seconds" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 864_000
                    => parsed with { Seconds = seconds },
                "light" when Lighting.All.FirstOrDefault(l => l.Name == value) is { } lighting => parsed with { Lighting = lighting },
                "traffic" when value is "normal" or "jam" => parsed with { IsJammed = value == "jam" },
                _ => throw Refuse(source, $"has the option \"{option}\""),
            };
        }

        return parsed;
    }

    private static FrameSourceException Refuse(string source, string why) =>
        new(FrameSourceFailure.Unsupported, $"the source {source} {why}; {Form}");
}
