namespace TrafficFlow.SystemTests.Lab;

/// <summary>A certificate authority of the laboratory's own, by the script that an operator uses.</summary>
internal static class Certificates
{
    /// <summary>The script's folder of each node: ca.crt, node.crt, node.key, pins.txt.</summary>
    /// <param name="nodes">With what each may be, as the script's options.</param>
    public static async Task<IReadOnlyDictionary<string, string>> MakeAsync(string folder, params IReadOnlyList<(string Name, string Host, string[] Authority)> nodes)
    {
        var script = Path.Combine(Repository(), "deploy", "ca.sh");
        await Shell.RunAsync(script, "init", folder);
        foreach (var (name, host, authority) in nodes) await Shell.RunAsync(script, ["node", folder, name, host, .. authority]);
        return nodes.ToDictionary(n => n.Name, n => Path.Combine(folder, "nodes", n.Name));
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TrafficFlow.sln"))) return folder.FullName;
        }

        throw new LabUnavailableException($"there is no TrafficFlow.sln above {AppContext.BaseDirectory}: run this from a clone of the repository");
    }
}
