using System.Globalization;
using System.Numerics;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.Synthetic.Views;

namespace TrafficFlow.Synthetic;

/// <summary>
/// A source such as <c>synthetic:north</c>, <c>synthetic:east?seed=7&amp;seconds=60&amp;light=dusk</c> or
/// <c>synthetic:view?view=42&amp;seconds=60</c>: a camera of the junction or a pole beside it, which traffic, how long (live when not told), and
/// the light.
/// </summary>
/// <param name="Approach">Which of the four cameras; null for a view.</param>
/// <param name="Seed">Of the traffic.</param>
/// <param name="IsJammed">Long reds: queues of dozens of vehicles stand for minutes.</param>
public sealed record SyntheticSource(ApproachId? Approach, int Seed, double? Seconds, Lighting Lighting, bool IsJammed = false)
{
    public const string Scheme = "synthetic:";

    private const string ViewName = "view";

    /// <summary>How such a source is written.</summary>
    public static string Form =>
        $"write synthetic:north, east, south or west, then ?seed=WHOLE-NUMBER, seconds=ABOVE-0, light={string.Join('|', Lighting.All.Select(l => l.Name))}, traffic=normal|jam, street=empty|lively, shake=PIXELS and, with seconds, bitrate=KBIT (compressed as H.264), joined by &; "
        + "or synthetic:view?view=WHOLE-NUMBER for a pole somewhere beside the street, or ?pole=EAST,NORTH,HIGH&look=EAST,NORTH&focal=WIDTHS&lens=K1 for a given one, with the same options";

    /// <summary>Of the view; null for the four cameras of the junction.</summary>
    public int? ViewSeed { get; init; }

    /// <summary>A given pole, where the view is not drawn by its seed.</summary>
    public GivenPole? Pole { get; init; }

    /// <summary>People on foot and all else that is on a busy street beside driving vehicles.</summary>
    public bool IsLively { get; init; }

    /// <summary>How far the picture sways at most, pixels; 0 for a pole that stands still.</summary>
    public double ShakePixels { get; init; }

    /// <summary>Of the H.264 stream through which the picture has gone; null for none.</summary>
    public int? BitrateKbit { get; init; }

    public bool IsView => Approach is null;

    /// <summary>The traffic that it shows.</summary>
    public JunctionSettings Traffic => (IsView ? StreetTraffic.Of(Seed, IsJammed) : IsJammed ? JunctionSettings.Jammed : JunctionSettings.Default) with
    {
        Seed = Seed,
        Street = IsLively ? StreetSettings.Lively : StreetSettings.Empty,
    };

    /// <summary>What the simulation's clock shows when the film begins.</summary>
    public TimeSpan TrafficStart => IsView ? StreetTraffic.Start(Traffic, IsJammed) : TimeSpan.Zero;

    /// <summary>The view with its gates; only of a source that is one.</summary>
    /// <exception cref="FrameSourceException">The pole sees no road, or none that could be judged.</exception>
    public StreetView View(double aspect) => Pole is { } pole
        ? StreetView.From(pole.Camera(aspect), ViewSeed ?? 0)
        : StreetView.Of(ViewSeed ?? throw new InvalidOperationException("a camera of the junction is no view"), aspect);

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
        var isView = string.Equals(parts[0], ViewName, StringComparison.OrdinalIgnoreCase);
        var approach = JunctionLayout.Approaches.FirstOrDefault(a => string.Equals(a.Value, parts[0], StringComparison.OrdinalIgnoreCase));
        if (!isView && approach == default) throw Refuse(source, $"has no camera \"{parts[0]}\"");
        var parsed = new SyntheticSource(isView ? null : approach, JunctionSettings.Default.Seed, null, Lighting.Day);
        int? seed = null;
        foreach (var option in (parts.Length > 1 ? parts[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = option.Split('=', 2) is [var k, var v] ? (k, v) : (option, "");
            if (key == "seed") seed = Whole(value) ?? throw Refuse(source, $"has the option \"{option}\"");
            else parsed = (isView ? WithOptionOfView(parsed, key, value) : null) ?? WithOption(parsed, key, value) ?? throw Refuse(source, $"has the option \"{option}\"");
        }

        if (isView && parsed is { ViewSeed: null, Pole: null }) throw Refuse(source, "does not say which view");
        if (parsed.Pole is { } pole && !pole.IsWhole) throw Refuse(source, "gives no whole pole: it takes pole and look");
        if (parsed is { BitrateKbit: not null, Seconds: null }) throw Refuse(source, "is compressed and live: a bit rate needs seconds too");
        return parsed with { Seed = seed ?? parsed.ViewSeed ?? parsed.Seed };
    }

    private static SyntheticSource? WithOption(SyntheticSource source, string key, string value) => key switch
    {
        "seconds" when Number(value) is > 0 and <= 864_000 and var seconds => source with { Seconds = seconds },
        "light" when Lighting.All.FirstOrDefault(l => l.Name == value) is { } lighting => source with { Lighting = lighting },
        "traffic" when value is "normal" or "jam" => source with { IsJammed = value == "jam" },
        "street" when value is "empty" or "lively" => source with { IsLively = value == "lively" },
        "shake" when Number(value) is >= 0 and <= 100 and var pixels => source with { ShakePixels = pixels },
        "bitrate" when Whole(value) is >= 20 and <= 100_000 and var kbit => source with { BitrateKbit = kbit },
        _ => null,
    };

    private static SyntheticSource? WithOptionOfView(SyntheticSource source, string key, string value)
    {
        var pole = source.Pole ?? new GivenPole();
        return key switch
        {
            "view" when Whole(value) is { } view => source with { ViewSeed = view },
            "pole" when Numbers(value) is [var x, var y, > 0 and < 100 and var z] => source with { Pole = pole with { Place = new Vector3(x, y, z) } },
            "look" when Numbers(value) is [var x, var y] => source with { Pole = pole with { LooksAt = new Vector3(x, y, 0) } },
            "focal" when Number(value) is >= 0.2 and <= 5 and var focal => source with { Pole = pole with { FocalShare = focal } },
            "lens" when Number(value) is >= 0 and <= 0.5 and var k1 => source with { Pole = pole with { K1 = k1 } },
            _ => null,
        };
    }

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static float[] Numbers(string text)
    {
        var numbers = text.Split(',').Select(Number).ToList();
        return numbers.Any(n => n is null or > 1000 or < -1000) ? [] : [.. numbers.Select(n => (float)n!.Value)];
    }

    private static FrameSourceException Refuse(string source, string why) =>
        new(FrameSourceFailure.Unsupported, $"the source {source} {why}; {Form}");
}

/// <summary>A pole that the source describes.</summary>
/// <param name="K1">Bend of the lens, as a site file's lens.</param>
public sealed record GivenPole(Vector3? Place = null, Vector3? LooksAt = null, double FocalShare = 0.8, double K1 = 0)
{
    public bool IsWhole => Place is not null && LooksAt is not null;

    public ViewCamera Camera(double aspect) => new(Place!.Value, LooksAt!.Value, (float)FocalShare, (float)aspect)
    {
        Lens = K1 == 0 ? null : new LensDistortion(K1, 0, aspect),
    };
}
