using System.Globalization;
using System.Text;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Synthetic;

/// <summary>Writes the synthetic junction as the site file hocon/sites/demo.conf; a test keeps the two equal.</summary>
public static class SyntheticSiteFile
{
    public static string Write(Site site)
    {
        var text = new StringBuilder();
        text.Append("""
            # The synthetic junction of `trafficflow demo`: four cameras, each of which watches one approach and its three ways out.
            # Gates and ground points are projected from the simulated ground; a test compares this file with that projection.
            # Positions in a picture are fractions of its width and height: [x to the right, y down].
            trafficflow.site {

            """.ReplaceLineEndings("\n"));
        text.Append(CultureInfo.InvariantCulture, $"  # Name of the site in topics, tables and paths: letters, digits, - and _.\n  id = {site.Id}\n");
        text.Append(CultureInfo.InvariantCulture, $"  # Name for people.\n  name = \"{site.Name}\"\n");
        text.Append(CultureInfo.InvariantCulture, $"  # IANA time zone: bins are aligned to its wall clock.\n  time-zone = \"{site.TimeZone.Id}\"\n");
        text.Append("\n  # The arms of the intersection; gates name them.\n  approaches {\n");
        foreach (var approach in site.Approaches) text.Append(CultureInfo.InvariantCulture, $"    {approach.Id} {{ name = \"{approach.Name}\" }}\n");
        text.Append("  }\n\n  # One block a camera; its key is the camera's name.\n  cameras {\n");
        for (var i = 0; i < site.Cameras.Count; i++) WriteCamera(text, site.Cameras[i], i == 0);
        return text.Append("  }\n}\n").ToString();
    }

    private static void WriteCamera(StringBuilder text, CameraSetup camera, bool isFirst)
    {
        text.Append(CultureInfo.InvariantCulture, $"    {camera.Id} {{\n");
        Comment("rtsp://, http(s)://, a file, a device, or synthetic:north|east|south|west[?seed=1&seconds=60&light=day].");
        Comment("Synthetic without seconds is live; with seconds it ends like a file.");
        text.Append(CultureInfo.InvariantCulture, $"      source = \"{camera.Source}\"\n");
        Comment("Size in pixels and frames per second at which the picture is processed.");
        text.Append(CultureInfo.InvariantCulture, $"      frame {{ width = {camera.Frame.Width}, height = {camera.Frame.Height}, fps = {camera.Frame.FramesPerSecond} }}\n");
        Comment("default, or a name from trafficflow.detectors.");
        text.Append(CultureInfo.InvariantCulture, $"      detector = {camera.Detector}\n");
        Comment("Polygons that are blackened before anything reads the frame; nobody lives on this junction.");
        text.Append("      masks = []\n");
        Comment("Directed lines. Forward is from the negative to the positive side of cross(to - from, p - from):");
        Comment("a gate drawn left to right counts downward motion as forward. enters and exits name an approach.");
        text.Append("      gates {\n");
        foreach (var gate in camera.Gates)
        {
            text.Append(CultureInfo.InvariantCulture, $"        {gate.Id} {{ from = {Place(gate.From)}, to = {Place(gate.To)}");
            WriteMeaning("forward", gate.Forward);
            WriteMeaning("backward", gate.Backward);
            text.Append(" }\n");
        }

        text.Append("      }\n");
        Comment("Surveyed points, at least four: place in the picture, and metres east and north of the middle of the junction.");
        text.Append("      ground = [\n");
        foreach (var point in camera.Ground)
            text.Append(CultureInfo.InvariantCulture, $"        {{ image = {Place(point.Image)}, metres = [{point.EastMetres:0.0##}, {point.NorthMetres:0.0##}] }}\n");
        text.Append("      ]\n");
        if (camera.GroundErrorMetres is { } error) text.Append(CultureInfo.InvariantCulture, $"      ground-error = {error}\n");
        if (camera.Lens is { } lens) text.Append(CultureInfo.InvariantCulture, $"      lens {{ k1 = {lens.K1}, k2 = {lens.K2} }}\n");
        text.Append("    }\n");

        void Comment(string line)
        {
            if (isFirst) text.Append(CultureInfo.InvariantCulture, $"      # {line}\n");
        }

        void WriteMeaning(string key, GateMeaning? meaning)
        {
            if (meaning is null) return;
            var role = meaning.Role == GateRole.Enters ? "enters" : "exits";
            text.Append(CultureInfo.InvariantCulture, $", {key} = {{ {role} = {meaning.Approach} }}");
        }
    }

    private static string Place(PicturePoint p) => string.Create(CultureInfo.InvariantCulture, $"[{p.X:0.0000}, {p.Y:0.0000}]");
}
