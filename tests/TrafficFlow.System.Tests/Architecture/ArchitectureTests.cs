using System.Xml.Linq;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Architecture;

/// <summary>The seams of the product: which project knows which, who touches native code, and folders that do not point at each other in circles.</summary>
public sealed class ArchitectureTests
{
    /// <summary>Every reference there is. A new one is a decision: write it down here.</summary>
    private static readonly Dictionary<string, string[]> s_references = new()
    {
        ["Core"] = [],
        ["Client"] = [],
        ["Analysis"] = ["Core"],
        ["Vision"] = ["Core"],
        ["Simulation"] = ["Core"],
        ["Synthetic"] = ["Core", "Simulation", "Vision"],
        ["Wire"] = ["Core"],
        ["Roadside"] = ["Core", "Wire"],
        ["Server"] = ["Core", "Wire"],
        ["Vault"] = ["Wire"],
        ["Web"] = ["Analysis", "Core", "Server", "Vault", "Wire"],
        ["Node"] = ["Analysis", "Core", "Roadside", "Server", "Simulation", "Synthetic", "Vault", "Vision", "Web", "Wire"],
    };

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> s_product = new(() => new ArchLoader()
        .LoadAssemblies([.. s_references.Keys.Select(name => global::System.Reflection.Assembly.Load(AssemblyOf(name)))]).Build());

    public static TheoryData<string> Projects => [.. s_references.Keys];

    [Fact]
    public void Every_project_is_looked_at() => Assert.Equal(
        s_references.Keys.Order(),
        Directory.GetFiles(Path.Combine(SharedFiles.Repository, "src"), "*.csproj", SearchOption.AllDirectories).Select(NameOf).Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_what_is_written_here_and_nothing_else(string project) => Assert.Equal(
        s_references[project], Items(project, "ProjectReference").Select(NameOf).Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_what_looks_at_pictures_compiles_against_native_vision(string project)
    {
        var native = Items(project, "PackageReference").Where(p => p.StartsWith("OpenCvSharp", StringComparison.Ordinal) || p.StartsWith("Microsoft.ML", StringComparison.Ordinal));
        if (project is not ("Vision" or "Synthetic")) Assert.Empty(native);
    }

    /// <summary>A folder is a feature, and what lies in it belongs to it. What lies beside the folders puts them together, and may know all.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_do_not_point_at_each_other_in_circles(string project)
    {
        var pointers = PointersIn(project);

        // What points at nothing, or only at such folders, is in no circle.
        while (pointers.RemoveAll(p => pointers.All(q => q.From != p.To)) > 0)
        {
        }

        Assert.True(pointers.Count == 0, string.Join('\n', pointers.Select(p => p.Because)));
    }

    /// <summary>
    /// The wall around what leaves for the city and the public: of the node, what answers them knows the release port alone. That every route that is open to them is answered
    /// there, ReleasedTests hold.
    /// </summary>
    [Fact]
    public void What_answers_the_city_knows_no_counts_but_released_ones()
    {
        string[] behind = ["WebPorts", "IFlowQuery", "IJourneyQuery", "IHealthQuery", "ITopicSource", "LiveSites", "LiveSite", "FlowBin", "ClosedBin", "StoredJourney", "Journey", "ReadTables", "FlowFilter", "JourneyFilter"];
        var inside = s_product.Value.Types.Where(t => t.Namespace?.FullName == "TrafficFlow.Web.Released").ToList();
        var port = inside.Where(t => t.FullName.StartsWith("TrafficFlow.Web.Released.ReleasePort", StringComparison.Ordinal)).ToList();

        Assert.Contains(port.SelectMany(Known), behind.Contains);
        Assert.Empty(inside.Except(port).SelectMany(t => Known(t).Where(behind.Contains), (t, known) => $"{t.FullName} knows {known}").Distinct());

        static IEnumerable<string> Known(IType type) => type.Dependencies.SelectMany(d => d.TargetGenericArguments.Select(g => g.Type.Name).Append(d.Target.Name));
    }

    [Fact]
    public void Pointers_between_folders_are_seen() =>
        Assert.Contains(PointersIn("Core"), p => p is { From: "Counting", To: "Tracking" });

    private static List<(string From, string To, string Because)> PointersIn(string project) =>
    [
        .. (from type in s_product.Value.Types
            let folder = FolderOf(type, project)
            where folder is not null
            from other in type.Dependencies
            let to = FolderOf(other.Target, project)
            where to is not null && to != folder
            select (folder, to, $"{folder} -> {to}: {type.Name} knows {other.Target.Name}")).Distinct(),
    ];

    private static string? FolderOf(IType type, string project)
    {
        var parts = type.Namespace?.FullName.Split('.') ?? [];
        return parts is ["TrafficFlow", var own, var folder, ..] && own == project ? folder : null;
    }

    private static string AssemblyOf(string project) => project == "Node" ? "trafficflow" : $"TrafficFlow.{project}";

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["TrafficFlow.".Length..];

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(SharedFiles.Repository, "src", $"TrafficFlow.{project}", $"TrafficFlow.{project}.csproj"))
            .Descendants(kind).Select(e => e.Attribute("Include")!.Value);
}
