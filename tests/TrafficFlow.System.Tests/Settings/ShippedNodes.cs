using TrafficFlow.SystemTests.Security;

namespace TrafficFlow.SystemTests.Settings;

/// <summary>The shipped node files in a folder of their own, with the certificates that they ask for.</summary>
internal sealed class ShippedNodes : IDisposable
{
    private readonly SettingsFolder _folder = new();

    private ShippedNodes()
    {
    }

    public static async Task<ShippedNodes> CreateAsync()
    {
        var nodes = new ShippedNodes();
        var hocon = Path.Combine(SharedFiles.Repository, "hocon");
        foreach (var file in Directory.GetFiles(hocon, "*.conf", SearchOption.AllDirectories))
            nodes._folder.Write(Path.GetRelativePath(hocon, file), await System.IO.File.ReadAllTextAsync(file));
        using var ca = await CertificateAuthority.CreateAsync();
        var certificates = await ca.NodeAsync("all", "roadside.example,server.example,analyst.example");
        Directory.CreateDirectory(Path.Combine(nodes._folder.Path, "tls"));
        foreach (var file in Directory.GetFiles(certificates))
            System.IO.File.Copy(file, Path.Combine(nodes._folder.Path, "tls", Path.GetFileName(file)));
        return nodes;
    }

    public string File(string name) => Path.Combine(_folder.Path, $"{name}.conf");

    public void Dispose() => _folder.Dispose();
}
