using System.Globalization;
using System.Text;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count.Siteless;

namespace TrafficFlow.Node.Init;

/// <summary>The texts of a new node's settings. Pure.</summary>
internal static class NewSiteFiles
{
    /// <param name="detectors">Lines of trafficflow that say what the cameras were tried with; none where it is what comes with the program.</param>
    public static string Node(string site, IReadOnlyList<string> detectors) => $$"""
        # Made by `trafficflow init`. One recording PC that also stores and serves, on SQLite. Every other key, its meaning and its default: common.conf,
        # which came with the program. Whether all is as needed: trafficflow run --check --config THIS FILE
        trafficflow.node {
          roles = [roadside, server]
          # Cameras and gates.
          sites = ["sites/{{site}}.conf"]
          # All that the node writes: counts, journals, its control socket.
          data-directory = "data"
        }

        """ + (detectors.Count == 0 ? "" : $"\n# As in the settings with which the cameras were tried.\ntrafficflow {{\n{string.Concat(detectors.Select(l => $"  {l}\n"))}}}\n");

    /// <summary>What a site file includes for a camera whose address holds a password.</summary>
    public static string Secret(NewCamera camera) => $"# The address of camera {camera.Id} with its password: keep this file to yourself.\nsource = {Quoted(camera.Source)}\n";

    public static string SecretName(NewCamera camera) => $"{camera.Id}.conf";

    public static string Site(string id, string name, string zone, IReadOnlyList<SetUpCamera> cameras)
    {
        var text = new StringBuilder();
        Line(0, "# Made by `trafficflow init`. The pictures in ../pictures show the gates. Edit what is wrong: remove gates that you do not need, move their ends, give");
        Line(0, "# them and the approaches names of your own; where several cameras see the same approach, give it one name. `trafficflow ctl site reload` has a");
        Line(0, "# running node read it again. Positions are fractions of the picture: [x to the right, y down]. Every key is explained in kokandori.conf.");
        Line(0, "trafficflow.site {");
        Line(1, $"id = {id}");
        Line(1, $"name = {Quoted(name)}");
        Line(1, "# Bins are aligned to its wall clock.");
        Line(1, $"time-zone = {Quoted(zone)}");
        Line(1, "# Where vehicles come into the pictures and leave them.");
        Line(1, "approaches {");
        foreach (var camera in cameras)
            foreach (var approach in camera.Proposal.Approaches)
                Line(2, $"{ApproachOf(camera, approach.Id, cameras.Count)} {{ name = {Quoted(cameras.Count == 1 ? approach.Name : $"{camera.Camera.Id}: {approach.Name}")} }}");
        Line(1, "}");
        Line(1, "cameras {");
        foreach (var camera in cameras) Camera(camera);
        Line(1, "}");
        Line(0, "}");
        return text.ToString();

        void Camera(SetUpCamera camera)
        {
            Line(2, $"{Key(camera.Camera.Id.Value)} {{");
            if (camera.Camera.HasSecret)
            {
                Line(3, "# Its address, with a password.");
                Line(3, $"include {Quoted($"../secrets/{SecretName(camera.Camera)}")}");
            }
            else
            {
                Line(3, $"source = {Quoted(camera.Camera.Source)}");
            }

            Line(3, "# Size and rate at which the picture is processed.");
            Line(3, $"frame {{ width = {camera.Frame.Width}, height = {camera.Frame.Height}, fps = {Number(camera.Frame.FramesPerSecond, "0.######")} }}");
            Line(3, "detector = default");
            Line(3, "# Blackened before anything reads the picture, for example windows: [ [[0,0],[1,0],[1,0.2],[0,0.2]] ]");
            Line(3, "masks = []");
            if (camera.Problem.Length > 0)
            {
                Line(3, $"# No gates were proposed: {Comment(camera.Problem)}. Until there are better ones, all that passes the middle of the picture is counted. Lay");
                Line(3, "# one across each carriageway; record some minutes, and `trafficflow count VIDEO` proposes some. One with an approach:");
                Line(3, "#   n-in { from = [0.10, 0.60], to = [0.45, 0.60], forward = { enters = north } }");
            }
            else
            {
                Line(3, $"# Forward is the way of the arrow in ../pictures/{camera.Camera.Id}.png; a gate drawn left to right counts downward motion as forward.");
            }

            Line(3, "gates {");
            if (camera.Proposal.Gates.Count == 0) Line(4, "middle { from = [0.02, 0.6], to = [0.98, 0.6] }");
            foreach (var gate in camera.Proposal.Gates)
            {
                if (gate.IsDoubtful) Line(4, $"# Doubtful: {gate.DoubtsInWords}.");
                var meaning = gate.Gate.Forward!;
                Line(4, $"{gate.Gate.Id} {{ from = {Place(gate.Gate.From)}, to = {Place(gate.Gate.To)}, forward = {{ {(meaning.Role == GateRole.Enters ? "enters" : "exits")} = {ApproachOf(camera, meaning.Approach, cameras.Count)} }} }}");
            }

            Line(3, "}");
            Line(2, "}");
        }

        void Line(int depth, string line) => text.Append(' ', 2 * depth).Append(line).Append('\n');
    }

    /// <summary>Each camera was looked at for itself: nobody knows which of their approaches are the same.</summary>
    private static string ApproachOf(SetUpCamera camera, ApproachId approach, int cameras) => cameras == 1 ? approach.Value : $"{camera.Camera.Id}-{approach}";

    /// <summary>A key that is a word of the language itself.</summary>
    private static string Key(string name) => name == "include" ? Quoted(name) : name;

    private static string Quoted(string text) => ProposedSiteFile.Quoted(text);

    private static string Comment(string text) => new([.. text.Select(c => char.IsControl(c) ? '?' : c)]);

    private static string Place(PicturePoint p) => $"[{Number(p.X, "0.000")}, {Number(p.Y, "0.000")}]";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
