using System.Text;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Settings.HoconParsing;
using TrafficFlow.Node.Settings.Nodes;
using TrafficFlow.Node.Settings.Sites;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>HOCON, site files and settings of nodes.</summary>
internal static class SettingsReaders
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);
    private static readonly string[] s_hocon =
        ["{", "}", "[", "]", "=", ":", ",", "\n", "#", "//", "\"", "\"\"\"", "\\u0041", "\\ud800", "${?a}", "include \"", "include \"/dev/zero\"\n", "include \"site.conf\"\n", "include \"own.conf\"\n", "trafficflow.site", "a.b.c = 1\n", "null", "1e999", "nan"];

    private static readonly string[] s_site =
    [
        "trafficflow.site {", "cameras {", "cam1 {", "gates {", "approaches {", "source = \"rtsp://10.0.0.1/a\"\n", "source = \"synthetic:junction\"\n", "time-zone = \"Asia/Tokyo\"\n", "time-zone = \"../../etc/passwd\"\n",
        "from = [0.1, 0.2]\n", "forward = { enters = north }\n", "ground = [ { image = [0.2,0.8], metres = [0.0,0.0] } ]\n", "masks = [ [[0,0],[1,0],[1,0.2]] ]\n", "frame { width = 640, height = 360, fps = 10 }\n", "lens",
    ];

    private static readonly string[] s_node =
        ["trafficflow.node {", "roles = [ roadside, server ]\n", "sites = [ \"site.conf\" ]\n", "data-directory = \"/tmp/x\"\n", "remoting {", "hostname = \"127.0.0.1\"\n", "port = 0\n", "akka { a = \"\\u0000\" }\n", "akka.actor.provider = x\n", "5 s", "-1 d", "99999999999999 d", "detectors {"];

    public static IEnumerable<FuzzReader> All(ScratchFolder scratch)
    {
        var hocon = Path.Combine(AppContext.BaseDirectory, "hocon");
        var common = new ConfFile([]).Read(Path.Combine(hocon, "common.conf"));
        IReadOnlyList<byte[]> sites = [.. Directory.GetFiles(Path.Combine(hocon, "sites"), "*.conf").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        IReadOnlyList<byte[]> nodes = [.. Directory.GetFiles(hocon, "*.conf").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        yield return new FuzzReader("hocon", ReadHocon) { Seeds = [.. SeedFiles.Of("hocon"), .. nodes, .. sites], Words = SeedFiles.Words(s_hocon) };
        yield return new FuzzReader("site", input => ReadSite(scratch.File("own.conf", input), common))
        {
            Seeds = SeedFiles.Of("site"),
            Words = SeedFiles.Words([.. s_hocon, .. s_site]),
            // Planes are fitted to up to forty points a camera, which costs much, and the same for every such site.
            MostBytes = length => (64L << 20) + (40_000L * length),
            Share = 16,
        };
        scratch.File("site.conf", SeedFiles.Of("site")[0]);
        yield return new FuzzReader("settings", input => ReadNode(scratch.File("node.conf", input), common))
        {
            Seeds = [.. SeedFiles.Of("settings"), .. nodes],
            Words = SeedFiles.Words([.. s_hocon, .. s_node]),
            MostBytes = length => (64L << 20) + (40_000L * length),
            Share = 16,
        };
    }

    private static bool ReadHocon(byte[] input)
    {
        if (Parse(input) is not { } root) return false;
        var written = Written(root);
        var again = Parse(s_strict.GetBytes(written)) ?? throw new WrongAcceptanceException("what was written is refused");
        if (Written(again) != written) throw new WrongAcceptanceException("another tree after it was written and read again");
        return true;
    }

    private static ConfSection? Parse(byte[] input)
    {
        try
        {
            var problems = new List<SettingsProblem>();
            var root = ConfParser.Parse("a.conf", s_strict.GetString(input), (_, _) => null, new ConfMerge(problems));
            return problems.Count == 0 ? root : null;
        }
        catch (Exception e) when (e is ConfSyntaxException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Written(ConfSection root)
    {
        var text = new StringBuilder();
        Write(root);
        return text.ToString();

        void Write(ConfValue value)
        {
            switch (value)
            {
                case ConfSection section:
                    text.Append('{');
                    foreach (var (key, child) in section.Items)
                    {
                        text.Append(Quoted(key)).Append(" = ");
                        Write(child);
                        text.Append('\n');
                    }

                    text.Append('}');
                    break;
                case ConfList list:
                    text.Append('[');
                    foreach (var item in list.Items)
                    {
                        Write(item);
                        text.Append('\n');
                    }

                    text.Append(']');
                    break;
                case ConfText literal:
                    text.Append(Quoted(literal.Text));
                    break;
            }
        }
    }

    private static string Quoted(string text) => $"\"{string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"\\u{(int)c:x4}"))}\"";

    private static bool ReadSite(string file, ConfSection common)
    {
        var problems = new List<SettingsProblem>();
        var site = SiteSettings.Read(file, [common], problems).Site;
        if (problems.Count > 0) return false;
        var names = site.Approaches.Select(a => a.Id.Value).Concat(site.Cameras.Select(c => c.Id.Value)).Concat(site.Cameras.SelectMany(c => c.Gates).Select(g => g.Id.Value)).Append(site.Id.Value);
        if (names.FirstOrDefault(n => !Identifier.IsValid(n)) is { } wrong) throw new WrongAcceptanceException($"the name \"{wrong}\"");
        if (site.Cameras.SelectMany(c => c.Gates).SelectMany(g => new[] { g.From, g.To }).Any(p => !p.IsInside)) throw new WrongAcceptanceException("a gate outside the picture");
        if (site.Cameras.SelectMany(c => c.Ground).Any(g => !g.Image.IsInside || !double.IsFinite(g.EastMetres) || !double.IsFinite(g.NorthMetres))) throw new WrongAcceptanceException("a ground point that cannot be");
        if (site.Cameras.Any(c => c.Frame is not { Width: > 0, Height: > 0 } || !(c.Frame.FramesPerSecond > 0) || !double.IsFinite(c.Frame.FramesPerSecond))) throw new WrongAcceptanceException("a frame that cannot be");
        if (SiteSettings.Read(file, [common], problems).Site.Hash != site.Hash) throw new WrongAcceptanceException("another hash when it is read again");
        return true;
    }

    private static bool ReadNode(string file, ConfSection common)
    {
        var problems = new List<SettingsProblem>();
        var own = new ConfFile(problems).Read(file);
        if (problems.Count > 0 && own.Items.Count == 0) return false;
        var all = own.WithFallback(common);
        var settings = NodeSection.Read(file, all, problems);
        if (problems.Count > 0) return false;
        if (settings is null) throw new WrongAcceptanceException("neither settings nor a problem");
        EffectiveSetting.Of(all);
        return true;
    }
}
