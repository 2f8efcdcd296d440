using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Count.Siteless;

/// <summary>Writes a proposal as a site file with comments. It ends with a line that tells whether somebody has edited it since.</summary>
internal static class ProposedSiteFile
{
    private const string Mark = "# As proposed, unedited: ";

    /// <param name="source">The video as the file is to name it: relative to the file, or synthetic:NAME.</param>
    /// <param name="detectors">What was used to find vehicles, where no settings name it.</param>
    public static string Write(string id, string video, string source, TimeZoneInfo zone, CameraSetup camera, IReadOnlyList<DetectorSettings> detectors, SiteProposal proposal)
    {
        var text = new StringBuilder();
        Line($"# Proposed by `trafficflow count` from the tracks of the vehicles in {Comment(video)}. gates.png beside this file shows it.");
        Line("# Edit what is wrong: remove gates that you do not need, move their ends, give them and the approaches names of your own.");
        Line("# Positions are fractions of the picture: [x to the right, y down]. Names: a-z, 0-9, - and _.");
        Line("trafficflow {");
        foreach (var line in ProposedDetectors.Lines(detectors)) Line($"  {line}");
        Line("  site {");
        Line($"    id = {id}");
        Line("    # IANA name, for example \"Europe/Berlin\": clock times are given in it, and bins are aligned to its wall clock.");
        Line($"    time-zone = {Quoted(zone.Id)}");
        Line("    # Where vehicles come into the picture and leave it.");
        Line("    approaches {");
        foreach (var approach in proposal.Approaches) Line($"      {approach.Id} {{ name = {Quoted(approach.Name)} }}");
        Line("    }");
        Line("    cameras {");
        Line("      cam1 {");
        Line("        # `count VIDEO --site` replaces it; a live camera has its address here: rtsp://…");
        Line($"        source = {Quoted(source)}");
        Line("        # Size and rate at which the picture is processed.");
        Line($"        frame {{ width = {camera.Frame.Width}, height = {camera.Frame.Height}, fps = {Number(camera.Frame.FramesPerSecond, "0.######")} }}");
        Line("        # A name from trafficflow.detectors: vehicles (our own network), motion, or a model of your own; `default` takes the default one.");
        Line($"        detector = {camera.Detector}");
        Line("        # Blackened before anything reads the frame, for example windows: [ [[0,0],[1,0],[1,0.2],[0,0.2]] ]");
        Line("        masks = []");
        Line("        # Forward is the way of the arrow in gates.png; a gate drawn left to right counts downward motion as forward.");
        if (proposal.Gates.Any(g => g.IsDoubtful)) Line("        # Gates that are doubtful are dashed in gates.png: look whether vehicles really pass there.");
        Line("        # `enters` and `exits` say which approach a vehicle comes from or leaves on. Both directions are counted in any case.");
        Line("        gates {");
        foreach (var gate in proposal.Gates)
        {
            Line($"          # {gate.Stream.Through.Count} {(gate.Stream.Through.Count == 1 ? "vehicle" : "vehicles")} of the first look{(gate.IsSecond ? "; tells where vehicles of other gates go or come from" : "")}");
            if (gate.IsDoubtful) Line($"          # Doubtful: {gate.DoubtsInWords}.");
            var meaning = gate.Gate.Forward!;
            Line($"          {gate.Gate.Id} {{ from = {Place(gate.Gate.From)}, to = {Place(gate.Gate.To)}, forward = {{ {(meaning.Role == GateRole.Enters ? "enters" : "exits")} = {meaning.Approach} }} }}");
        }

        Line("        }");
        foreach (var movement in proposal.Movements) Line($"        # seen: {movement.From} -> {movement.To}, {movement.Vehicles}");
        Line("      }");
        Line("    }");
        Line("  }");
        Line("}");
        return $"{text}{Mark}{Hash(text.ToString())}\n";

        void Line(string line) => text.Append(line).Append('\n');
    }

    /// <summary>True where the text is a proposal that nobody has changed.</summary>
    public static bool IsUnedited(string text)
    {
        var at = text.LastIndexOf(Mark, StringComparison.Ordinal);
        return at >= 0 && text[(at + Mark.Length)..].Trim() == Hash(text[..at]);
    }

    /// <summary>As a quoted string of a settings file.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    /// <summary>A file name may hold a line end, and that would end the comment.</summary>
    private static string Comment(string text) => new([.. text.Select(c => char.IsControl(c) ? '?' : c)]);

    private static string Place(PicturePoint p) => $"[{Number(p.X, "0.000")}, {Number(p.Y, "0.000")}]";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
