using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Settings.Sites;

/// <param name="Recording">Of each camera.</param>
internal sealed record ReadSite(Site Site, IReadOnlyDictionary<CameraId, RecordingSettings> Recording);

/// <summary>Reads trafficflow.site.</summary>
internal static class SiteSection
{
    /// <returns>A site that is only to be used when no problem was noted.</returns>
    public static ReadSite Read(SettingsReader reader, IReadOnlyCollection<string> detectors)
    {
        var id = reader.Text("id", "name the site, for example id = kokandori");
        if (id.Length > 0 && !Identifier.IsValid(id)) reader.Problem("id", $"\"{id}\" is not an identifier", Identifier.Remedy);
        var timeZone = ReadTimeZone(reader);
        var approaches = ReadApproaches(reader.OptionalSection("approaches"));
        var written = new List<WrittenCamera>();
        var recording = RecordingSection.Read(reader, timeZone);
        if (reader.Section("cameras", "add cameras { cam1 { … } }") is { } section)
        {
            foreach (var (name, camera) in Named(section))
            {
                if (name.StartsWith(JunctionSetup.Prefix, StringComparison.Ordinal))
                    section.Problem(name, $"begins with {JunctionSetup.Prefix}, which is how junctions are called", "name the camera otherwise, for example cam1");
                written.Add(CameraSection.Read(new CameraId(name), camera, approaches, timeZone, recording, detectors));
            }

            if (written.Count == 0) reader.Problem("cameras", "holds no camera", "add cam1 { … }");
        }

        var site = new Site(
            new SiteId(id),
            reader.OptionalText("name") ?? id,
            timeZone,
            [.. approaches.Values],
            [.. written.Select(w => w.Camera)],
            "")
        {
            Geo = GeoSection.Read(reader),
            Custody = CustodySection.Read(reader, id, [.. written.Select(w => w.Camera.Id.Value)]) is { } custody
                ? custody with { Recording = written.Where(w => w.Recording.Plan.Mode != RecordingMode.Off).ToDictionary(w => w.Camera.Id.Value, w => CustodySection.Stated(w.Recording.Plan)) } : null,
        };
        reader.RefuseUnknown();
        return new ReadSite(
            site with { Hash = SiteHash.Of(site, written.ToDictionary(w => w.Camera.Id, w => w.WrittenSource)) }, written.ToDictionary(w => w.Camera.Id, w => w.Recording));
    }

    /// <summary>Named sections; a name that is no identifier is reported, and read all the same for the problems inside.</summary>
    public static IEnumerable<(string Name, SettingsReader Reader)> Named(SettingsReader section)
    {
        foreach (var (name, reader) in section.Named())
        {
            if (!Identifier.IsValid(name)) section.Problem(name, $"\"{name}\" is not an identifier", Identifier.Remedy, new SiteFault(SiteFaultKind.BadName, name));
            yield return (name, reader);
        }
    }

    private static TimeZoneInfo ReadTimeZone(SettingsReader reader)
    {
        var name = reader.Text("time-zone", "set the site's time zone, for example \"Asia/Tokyo\"");
        if (name.Length == 0) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;
        var known = TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).ToList();
        reader.Problem("time-zone", $"\"{name}\" is not a time zone", known.Count < 2
            ? "this system knows none: install the package tzdata"
            : Suggestion.Nearest(name, known) is { } nearest ? $"did you mean \"{nearest}\"?" : "use an IANA name such as \"Asia/Tokyo\"");
        return TimeZoneInfo.Utc;
    }

    private static Dictionary<string, Approach> ReadApproaches(SettingsReader? section)
    {
        var approaches = new Dictionary<string, Approach>(StringComparer.Ordinal);
        if (section is null) return approaches;
        foreach (var (name, approach) in Named(section))
        {
            approaches[name] = new Approach(new ApproachId(name), approach.OptionalText("name") ?? name);
            approach.RefuseUnknown();
        }

        return approaches;
    }
}
