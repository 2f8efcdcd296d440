using System.Globalization;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>Reads the draft of a site file, item by item as it is written: keys are places in the file. What is no such item at all is as good as nothing.</summary>
internal static class SiteDraftReader
{
    private static readonly ConfSection s_none = new(default);

    public static ConfSection SiteOf(ConfSection root) => Section(Section(root, "trafficflow"), "site");

    /// <returns>Null where the text is no settings file.</returns>
    public static SiteDraft? Parse(string text)
    {
        try
        {
            return Read(ConfParser.Parse("", text, (_, _) => null, new ConfMerge([])));
        }
        catch (ConfSyntaxException)
        {
            return null;
        }
    }

    public static SiteDraft Read(ConfSection root)
    {
        var site = SiteOf(root);
        return new SiteDraft(
            [.. Section(site, "approaches").Items.Select((a, i) => new ApproachDraft(i, a.Key, Text(a.Value, "name") ?? a.Key))],
            [
                .. Section(site, "cameras").Items.Select(c => (Id: c.Key, Section: c.Value as ConfSection ?? s_none)).Select(c => new CameraDraft(
                    c.Id,
                    [.. List(c.Section, "masks").Select((m, i) => new MaskDraft(i, [.. (m as ConfList)?.Items.Select(Point) ?? []]))],
                    [.. Section(c.Section, "gates").Items.Select((g, i) => Gate(i, g.Key, g.Value as ConfSection ?? s_none))],
                    [.. List(c.Section, "ground").Select((g, i) => Ground(i, g as ConfSection ?? s_none))])),
            ]);
    }

    public static GroundDraft Ground(int key, ConfSection section)
    {
        var metres = List(section, "metres");
        return new GroundDraft(key, Point(section.Items.GetValueOrDefault("image")), Number(metres.ElementAtOrDefault(0)), Number(metres.ElementAtOrDefault(1)));
    }

    private static GateDraft Gate(int key, string id, ConfSection gate) =>
        new(key, id, Point(gate.Items.GetValueOrDefault("from")), Point(gate.Items.GetValueOrDefault("to")), Meaning(gate, "forward"), Meaning(gate, "backward"));

    private static GateMeaning? Meaning(ConfSection gate, string key)
    {
        if (gate.Items.GetValueOrDefault(key) is not ConfSection meaning) return null;
        return Text(meaning, "enters") is { } enters ? new GateMeaning(GateRole.Enters, new ApproachId(enters)) : Text(meaning, "exits") is { } exits ? new GateMeaning(GateRole.Exits, new ApproachId(exits)) : null;
    }

    private static PicturePoint Point(ConfValue? value) => value is ConfList { Items: [var x, var y] } ? new PicturePoint(Number(x), Number(y)) : default;

    private static double Number(ConfValue? value) => double.TryParse((value as ConfText)?.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static ConfSection Section(ConfSection parent, string key) => parent.Items.GetValueOrDefault(key) as ConfSection ?? s_none;

    private static IReadOnlyList<ConfValue> List(ConfSection parent, string key) => (parent.Items.GetValueOrDefault(key) as ConfList)?.Items ?? [];

    private static string? Text(ConfValue section, string key) => ((section as ConfSection)?.Items.GetValueOrDefault(key) as ConfText)?.Text;
}
