using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrafficFlow.Wire.Tls;
using Xunit;

namespace TrafficFlow.SystemTests.Security;

/// <summary>What an operator does with deploy/ca.sh, and what comes of it.</summary>
public sealed class CaScriptTests : IAsyncLifetime
{
    private CertificateAuthority _ca = null!;

    public async ValueTask InitializeAsync() => _ca = await CertificateAuthority.CreateAsync();

    [Fact]
    public async Task A_node_gets_all_that_it_needs_and_only_it_can_read_its_key()
    {
        var folder = await _ca.NodeAsync("n1", "n1.example,10.0.0.1,::1");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "node.key")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_ca.Folder, "ca.key")));
        foreach (var host in new[] { "n1.example", "10.0.0.1", "::1" }) Assert.NotNull(Read(folder, host));
        using var certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(folder, "node.crt")));
        Assert.InRange((certificate.NotAfter - certificate.NotBefore).TotalDays, 825.9, 826.1);
        Assert.InRange(TimeProvider.System.GetUtcNow() - certificate.NotBefore, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));
        Assert.Equal(ECCurve.NamedCurves.nistP256.Oid.Value, certificate.GetECDsaPublicKey()!.ExportParameters(false).Curve.Oid.Value);
    }

    [Fact]
    public async Task Each_command_may_be_run_twice()
    {
        await _ca.NodeAsync("n1", "n1.example,n2.example");
        var pins = await File.ReadAllTextAsync(_ca.Pins);

        Assert.Contains("nothing was changed", await _ca.RunAsync("init", _ca.Folder));
        Assert.Contains("nothing was changed", await _ca.RunAsync("node", _ca.Folder, "n1", "n2.example,n1.example", "--role", "server"));
        Assert.Equal(pins, await File.ReadAllTextAsync(_ca.Pins));
        await _ca.RevokeAsync("n1");
        Assert.Contains("nothing was changed", await _ca.RunAsync("revoke", _ca.Folder, "n1"));
    }

    [Fact]
    public async Task Renewing_swaps_the_pin_and_revoking_takes_it_out()
    {
        var folder = await _ca.NodeAsync("n1", "n1.example");
        await _ca.NodeAsync("n1.b", "n2.example");
        using var first = Read(folder, "n1.example")!.Own;

        await _ca.RenewAsync("n1");
        var renewed = Read(folder, "n1.example")!;
        Assert.NotEqual(first.Thumbprint, renewed.Own.Thumbprint);
        Assert.False(renewed.Pins.Admits(first));
        Assert.Equal(2, renewed.Pins.Count);

        await _ca.RevokeAsync("n1");
        Assert.Null(Read(folder, "n1.example"));
        Assert.Equal(1, Read(_ca.Node("n1.b"), "n2.example")!.Pins.Count);
        var list = await _ca.RunAsync("list", _ca.Folder);
        Assert.Matches("n1 +revoked", list);
        Assert.Matches("n1.b +may join", list);
    }

    [Theory]
    [InlineData(2, "say what to do")]
    [InlineData(2, "there is no command make", "make")]
    [InlineData(2, "write: ca.sh node DIR NAME HOST", "node", "DIR")]
    [InlineData(2, "is no name", "node", "DIR", "../x", "h")]
    [InlineData(2, "say what x may be: --role server", "node", "DIR", "x", "h")]
    [InlineData(2, "write server, roadside or subscriber", "node", "DIR", "x", "h", "--role", "root")]
    [InlineData(2, "say for which sites x speaks", "node", "DIR", "x", "h", "--role", "roadside")]
    [InlineData(2, "are for --role roadside", "node", "DIR", "x", "h", "--role", "server", "--site", "s")]
    [InlineData(2, "write names as in the site file", "node", "DIR", "x", "h", "--role", "roadside", "--site", "a&role=server")]
    [InlineData(2, "are for node and renew", "list", "DIR", "--role", "server")]
    [InlineData(2, "is no host", "node", "DIR", "x", "a b", "--role", "server")]
    [InlineData(2, "is no host", "node", "DIR", "x", "h,DNS:y\nz", "--role", "server")]
    [InlineData(2, "write a whole number", "node", "DIR", "x", "h", "--days", "many")]
    [InlineData(2, "is no time", "node", "DIR", "x", "h", "--role", "server", "--not-after", "soonish")]
    [InlineData(2, "there is no option", "list", "DIR", "--all")]
    [InlineData(1, "there is no node x", "renew", "DIR", "x")]
    [InlineData(1, "there is no node x", "revoke", "DIR", "x")]
    [InlineData(1, "there is no authority", "list", "/nowhere")]
    public async Task A_slip_is_told_and_changes_nothing(int code, string said, params string[] args)
    {
        var ended = await CertificateAuthority.TryAsync([.. args.Select(a => a == "DIR" ? _ca.Folder : a)]);

        Assert.Equal((code, ""), (ended.Code, ended.Output));
        Assert.Contains(said, ended.Error);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_ca.Folder, "nodes")));
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        var help = await _ca.RunAsync("--help");

        foreach (var word in new[] { "init", "node", "renew", "revoke", "list" }) Assert.Contains($"ca.sh {word} ", help);
    }

    private static NodeCertificates? Read(string folder, string host)
    {
        string In(string name) => Path.Combine(folder, name);
        return NodeCertificates.Read(new TlsFiles(In("ca.crt"), In("node.crt"), In("node.key"), In("pins.txt")), host, TimeProvider.System.GetUtcNow(), out _);
    }

    public ValueTask DisposeAsync()
    {
        _ca.Dispose();
        return ValueTask.CompletedTask;
    }
}
