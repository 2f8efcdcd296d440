using System.Text.RegularExpressions;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Packaging;

/// <summary>What deploy/package.sh puts into the package, and what its scripts do on a machine: in a tree of its own, with Debian's real programs.</summary>
public sealed partial class PackageTests : IDisposable
{
    private readonly SettingsFolder _root = new();

    public PackageTests()
    {
        foreach (var folder in new[] { "etc/trafficflow/sites", "var/lib/dpkg", "var/backups", "tmp" }) Directory.CreateDirectory(Path.Combine(_root.Path, folder));
        _root.Write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\ntrafficflow:x:7321:7321::/var/lib/trafficflow:/usr/sbin/nologin\n");
        _root.Write("etc/group", "root:x:0:\nanalysts:x:7322:\ntrafficflow:x:7321:\n");
        _root.Write("var/lib/dpkg/status", "Package: trafficflow\nStatus: install ok unpacked\nMaintainer: x\nArchitecture: amd64\nVersion: 2.0\nDescription: x\n");
        foreach (var file in new[] { "single.conf", "sites/a.conf" })
        {
            _root.Write($"etc/trafficflow/{file}", "#\n");
            File.SetUnixFileMode(Path.Combine(_root.Path, "etc/trafficflow", file), (UnixFileMode)0b110_100_100);
        }
    }

    [Fact]
    public void Each_link_of_its_pages_leads_to_a_page_of_it()
    {
        var installed = Installed();
        var broken = from page in installed.Where(i => i.Value.EndsWith(".md", StringComparison.Ordinal))
                     from link in Link().Matches(File.ReadAllText(page.Value)).Select(m => m.Groups[1].Value)
                     where !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#')
                     let target = Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(page.Key)!, link.Split('#')[0]))[1..]
                     where !installed.ContainsKey(target)
                     select $"{page.Key} -> {link}";

        Assert.Empty(broken);
        Assert.True(installed.Count(i => i.Key.EndsWith(".md", StringComparison.Ordinal)) >= 10, string.Join(' ', installed.Keys));
    }

    [Theory]
    [InlineData("preinst")]
    [InlineData("postinst")]
    [InlineData("prerm")]
    [InlineData("postrm")]
    public async Task A_script_of_the_package_is_one(string name)
    {
        var file = Path.Combine(SharedFiles.Repository, "deploy", "debian", name);

        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.StartsWith("#!/bin/sh\n", text, StringComparison.Ordinal);
        Assert.Contains("\nset -e\n", text, StringComparison.Ordinal);
        await Tools.RunAsync("sh", "-n", file);
    }

    [Fact]
    public async Task Rights_are_set_when_it_is_installed_and_those_that_somebody_changed_stay_when_it_is_upgraded()
    {
        await ScriptAsync("postinst", "configure", "");
        Assert.Equal("750 root trafficflow", await RightsAsync("/etc/trafficflow"));
        Assert.Equal("640 root trafficflow", await RightsAsync("/etc/trafficflow/sites/a.conf"));
        Assert.Equal("700 root root", await RightsAsync("/etc/trafficflow/secrets"));
        Assert.Equal("700 trafficflow trafficflow", await RightsAsync("/var/lib/trafficflow"));

        await InTreeAsync("chmod 0750 /var/lib/trafficflow && chgrp analysts /etc/trafficflow/sites/a.conf && rmdir /etc/trafficflow/secrets");
        await ScriptAsync("postinst", "configure", "1.0");

        Assert.Equal("750 trafficflow trafficflow", await RightsAsync("/var/lib/trafficflow"));
        Assert.Equal("640 root analysts", await RightsAsync("/etc/trafficflow/sites/a.conf"));
        Assert.Equal("700 root root", await RightsAsync("/etc/trafficflow/secrets"));
    }

    [Fact]
    public async Task Settings_of_the_last_three_versions_are_kept_until_it_is_purged_and_counts_longer()
    {
        await ScriptAsync("postinst", "configure", "");
        _root.Write("etc/trafficflow/secrets/node.key", "secret");
        _root.Write("var/lib/trafficflow/journal.db", "counts");
        foreach (var version in new[] { "1.0", "1.1", "1.2", "1.3" }) await ScriptAsync("preinst", "upgrade", version);
        var kept = Path.Combine(_root.Path, "var/backups/trafficflow");
        Assert.Equal(3, Directory.GetFiles(kept).Length);
        Assert.DoesNotContain("node.key", await Tools.RunAsync("tar", "-tzf", Path.Combine(kept, "settings-1.3.tar.gz")));

        await ScriptAsync("postrm", "remove");
        Assert.True(File.Exists(Path.Combine(_root.Path, "etc/trafficflow/single.conf")));
        var told = await ScriptAsync("postrm", "purge");

        Assert.Contains("counts stay in /var/lib/trafficflow", told);
        Assert.False(Directory.Exists(kept));
        Assert.False(Directory.Exists(Path.Combine(_root.Path, "etc/trafficflow")));
        Assert.True(File.Exists(Path.Combine(_root.Path, "var/lib/trafficflow/journal.db")));
    }

    public void Dispose() => _root.Dispose();

    /// <summary>Place in the package's folder of documents, and the file of the repository that comes there.</summary>
    private static Dictionary<string, string> Installed()
    {
        var installed = new Dictionary<string, string>();
        foreach (Match line in Install().Matches(File.ReadAllText(Path.Combine(SharedFiles.Repository, "deploy", "package.sh"))))
        {
            var (source, folder) = (Path.Combine(SharedFiles.Repository, line.Groups[1].Value), line.Groups[2].Value);
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(source)!, Path.GetFileName(source))) installed[folder + Path.GetFileName(file)] = file;
        }

        return installed;
    }

    private Task<string> ScriptAsync(string name, params string[] words) => InTreeAsync($"sh /scripts/{name} {string.Join(' ', words.Select(w => $"'{w}'"))}");

    private async Task<string> RightsAsync(string path) => (await InTreeAsync($"stat -c '%a %U %G' {path}")).Trim();

    /// <summary>As root, with the tree for what the scripts change and this machine's programs.</summary>
    private async Task<string> InTreeAsync(string command)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/bwrap") && File.Exists("/usr/bin/dpkg"), "the package's scripts are tried by root, with bubblewrap, on Debian");
        string[] capabilities = ["CAP_CHOWN", "CAP_FOWNER", "CAP_DAC_OVERRIDE", "CAP_FSETID"];
        return await Tools.RunAsync("bwrap", [
            "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/sbin", "/sbin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--dev", "/dev", "--proc", "/proc",
            "--bind", Path.Combine(_root.Path, "etc"), "/etc", "--bind", Path.Combine(_root.Path, "var"), "/var", "--bind", Path.Combine(_root.Path, "tmp"), "/tmp",
            "--ro-bind", Path.Combine(SharedFiles.Repository, "deploy", "debian"), "/scripts", "--unshare-pid", "--die-with-parent",
            .. capabilities.SelectMany(c => new[] { "--cap-add", c }), "sh", "-c", command,
        ]);
    }

    [GeneratedRegex("""install -m \d+ "\$scratch/source"?/([^\s"]+)"? "\$doc/([^"]*)"$""", RegexOptions.Multiline)]
    private static partial Regex Install();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
