using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;

namespace TrafficFlow.SystemTests.Security;

/// <summary>A CA made by deploy/ca.sh, in a folder that lives as long as a test.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private static readonly string Script = Path.Combine(SharedFiles.Repository, "deploy", "ca.sh");
    private readonly SettingsFolder _folder = new();

    private CertificateAuthority()
    {
    }

    public string Folder => Path.Combine(_folder.Path, "ca");

    /// <summary>The list that all nodes of a test share.</summary>
    public string Pins => Path.Combine(Folder, "pins.txt");

    public static async Task<CertificateAuthority> CreateAsync()
    {
        var ca = new CertificateAuthority();
        await ca.RunAsync("init", ca.Folder);
        return ca;
    }

    /// <param name="options">Of the script; a server without --role.</param>
    /// <returns>The folder with ca.crt, node.crt, node.key and pins.txt.</returns>
    public async Task<string> NodeAsync(string name, string hosts, params string[] options)
    {
        string[] role = options.Contains("--role") ? [] : ["--role", "server"];
        await RunAsync(["node", Folder, name, hosts, .. role, .. options]);
        return Node(name);
    }

    /// <param name="site">The only site that it speaks for.</param>
    public Task<string> RoadsideAsync(string name, string hosts, string site, params string[] options) =>
        NodeAsync(name, hosts, ["--role", "roadside", "--site", site, .. options]);

    public Task<string> SubscriberAsync(string name, string hosts) => NodeAsync(name, hosts, "--role", "subscriber");

    public string Node(string name) => Path.Combine(Folder, "nodes", name);

    public Task RevokeAsync(string name) => RunAsync("revoke", Folder, name);

    public Task RenewAsync(string name) => RunAsync("renew", Folder, name);

    public Task<string> RunAsync(params string[] args) => Tools.RunAsync(Script, args);

    public static Task<(int Code, string Output, string Error)> TryAsync(params string[] args) => Tools.TryAsync(Script, args);

    public void Dispose() => _folder.Dispose();
}
