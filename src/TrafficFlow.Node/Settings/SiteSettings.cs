using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings.HoconParsing;
using TrafficFlow.Node.Settings.Sites;

namespace TrafficFlow.Node.Settings;

/// <summary>A site file, and the detectors that its cameras may name.</summary>
/// <param name="File">As it was given.</param>
public sealed record SiteSettings(string File, Site Site, DetectorCatalog Detectors)
{
    /// <summary>What is recorded of each camera: no part of what is counted.</summary>
    public IReadOnlyDictionary<CameraId, RecordingSettings> Recording { get; init; } = new Dictionary<CameraId, RecordingSettings>();

    /// <summary>What the file says, as it is written.</summary>
    internal ConfSection Written { get; init; } = new(new Origin(File, 1));

    /// <summary>
    /// Reads a site file. Detectors come from the site file, then from the node's settings, then from common.conf.
    /// </summary>
    /// <param name="file">The site file.</param>
    /// <param name="config">The node's settings; null takes common.conf alone.</param>
    /// <exception cref="SettingsException">Something is wrong; holds every problem.</exception>
    public static SiteSettings Load(string file, string? config = null)
    {
        var (settings, problems) = Check(file, null, config);
        return problems.Count == 0 ? settings : throw new SettingsException(problems);
    }

    /// <summary>What is wrong with a site file, or would be.</summary>
    /// <param name="text">What the file would hold; null for what it holds.</param>
    /// <param name="config">As for <see cref="Load"/>.</param>
    /// <returns>Settings that are only to be used where there is no problem.</returns>
    public static (SiteSettings Settings, IReadOnlyList<SettingsProblem> Problems) Check(string file, string? text, string? config)
    {
        var problems = new List<SettingsProblem>();
        var layers = new List<ConfSection>();
        if (config is not null) layers.Add(new ConfFile(problems).Read(config));
        if (CommonFile.Find(config ?? file, problems) is { } common) layers.Add(new ConfFile(problems).Read(common));
        var settings = Read(file, layers, problems, text: text);
        return (settings, [.. problems.Distinct()]);
    }

    /// <summary>The detectors that may be named where there is no site file: of the node's settings, then of common.conf.</summary>
    /// <param name="config">The node's settings; null takes common.conf alone.</param>
    /// <exception cref="SettingsException">Something is wrong; holds every problem.</exception>
    public static DetectorCatalog LoadDetectors(string? config)
    {
        var problems = new List<SettingsProblem>();
        var layers = new List<ConfSection>();
        if (config is not null) layers.Add(new ConfFile(problems).Read(config));
        if (CommonFile.Find(config ?? Path.Combine(Environment.CurrentDirectory, "site.conf"), problems) is { } common) layers.Add(new ConfFile(problems).Read(common));
        var merged = layers.Select(DetectorsOf).Aggregate(new ConfSection(new Origin("", 1)), (a, b) => a.WithFallback(b));
        var detectors = DetectorsSection.Read(new SettingsReader(merged, "trafficflow", problems));
        return problems.Count == 0 ? detectors : throw new SettingsException([.. problems.Distinct()]);
    }

    /// <param name="isNamedBySettings">As in <see cref="ConfFile"/>.</param>
    /// <param name="text">What the file would hold; null for what it holds.</param>
    internal static SiteSettings Read(string file, IEnumerable<ConfSection> layers, List<SettingsProblem> problems, bool isNamedBySettings = false, string? text = null)
    {
        var before = problems.Count;
        var own = new ConfFile(problems, isNamedBySettings).Read(file, text);
        if (problems.Count > before && own.Items.Count == 0) return Unusable(file); // not read at all: no more can be said of it
        var root = new SettingsReader(own, "", problems);
        if (root.Section("trafficflow", "a site file holds trafficflow.site { … }") is not { } trafficflow) return Unusable(file);

        // The site is the file's own; only detectors may come from below.
        var merged = layers.Select(DetectorsOf).Aggregate(DetectorsOf(own), (a, b) => a.WithFallback(b));
        var detectors = DetectorsSection.Read(new SettingsReader(merged, "trafficflow", problems));
        var read = trafficflow.Section("site", "a site file holds trafficflow.site { … }") is { } section
            ? SiteSection.Read(section, [.. detectors.ByName.Keys])
            : new ReadSite(Unusable(file).Site, Unusable(file).Recording);
        foreach (var known in new[] { "detectors", "default-detector" }) trafficflow.Find(known);
        trafficflow.RefuseUnknown();
        root.RefuseUnknown();
        return new SiteSettings(file, read.Site, detectors) { Written = own, Recording = read.Recording };
    }

    private static ConfSection DetectorsOf(ConfSection root)
    {
        var detectors = new ConfSection(root.Origin);
        if (root.Items.GetValueOrDefault("trafficflow") is not ConfSection trafficflow) return detectors;
        foreach (var key in new[] { "detectors", "default-detector" })
        {
            if (trafficflow.Items.GetValueOrDefault(key) is { } value) detectors.Set(key, value);
        }

        return detectors;
    }

    private static SiteSettings Unusable(string file) =>
        new(file, new Site(new SiteId(""), "", TimeZoneInfo.Utc, [], [], ""), new DetectorCatalog("", new Dictionary<string, DetectorSettings>()));
}
