using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Reads the gates of one camera.</summary>
internal static class GateSection
{
    private const double MinLengthPixels = 2;

    public static IReadOnlyList<Gate> ReadAll(SettingsReader camera, FrameFormat frame, IReadOnlyDictionary<string, Approach> approaches)
    {
        if (camera.Section("gates", "add gates { in { from = [x, y], to = [x, y] } }") is not { } section) return [];
        List<Gate> gates = [.. SiteSection.Named(section).Select(g => Read(new GateId(g.Name), g.Reader, frame, approaches))];
        if (gates.Count == 0) camera.Problem("gates", "holds no gate, so the camera would count nothing", "add in { from = [x, y], to = [x, y] }", new SiteFault(SiteFaultKind.NoGates));
        return gates;
    }

    private static Gate Read(GateId id, SettingsReader reader, FrameFormat frame, IReadOnlyDictionary<string, Approach> approaches)
    {
        var from = PicturePolygons.ReadPoint(reader, reader.Find("from"), "from");
        var to = PicturePolygons.ReadPoint(reader, reader.Find("to"), "to");
        if (from is { } a && to is { } b && Math.Max(Math.Abs(a.X - b.X) * frame.Width, Math.Abs(a.Y - b.Y) * frame.Height) < MinLengthPixels)
        {
            reader.Problem("to", "is where the gate begins", "draw the gate across the carriageway, from one side to the other", new SiteFault(SiteFaultKind.GateWithoutLength));
        }

        var gate = new Gate(
            id, from ?? default, to ?? default, ReadMeaning(reader, "forward", approaches), ReadMeaning(reader, "backward", approaches));
        reader.RefuseUnknown();
        return gate;
    }

    private static GateMeaning? ReadMeaning(SettingsReader gate, string direction, IReadOnlyDictionary<string, Approach> approaches)
    {
        if (gate.OptionalSection(direction) is not { } reader) return null;
        var enters = reader.OptionalText("enters");
        var exits = reader.OptionalText("exits");
        reader.RefuseUnknown();
        if ((reader.Has("enters"), reader.Has("exits")) is not ((true, false) or (false, true)))
        {
            gate.Problem(direction, reader.Has("enters") ? "has both enters and exits" : "has neither enters nor exits",
                "write one of enters = APPROACH and exits = APPROACH, or remove it");
            return null;
        }

        if ((enters ?? exits) is not { } approach) return null;
        if (!approaches.ContainsKey(approach))
        {
            reader.Problem(enters is null ? "exits" : "enters", $"there is no approach \"{approach}\"",
                Suggestion.For(approach, [.. approaches.Keys], "approaches of this site"), new SiteFault(SiteFaultKind.NoSuchApproach, approach));
        }

        return new GateMeaning(enters is null ? GateRole.Exits : GateRole.Enters, new ApproachId(approach));
    }
}
