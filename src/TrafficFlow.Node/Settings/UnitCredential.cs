namespace TrafficFlow.Node.Settings;

/// <summary>
/// A secret that systemd hands to a unit, as settings of a service name it: /run/credentials/UNIT/NAME. It is there while the unit runs, for its account and root.
/// A verb that is run with the same settings as another unit takes what was handed to that one under the same name.
/// </summary>
internal static class UnitCredential
{
    private const string Folder = "/run/credentials/";
    private const string Secrets = "secrets_";

    /// <returns>The file to read: that of this process where the named one is not to be had.</returns>
    public static string Find(string path) => Find(path, Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY"));

    /// <param name="given">The folder of what systemd handed to this process; null where it was not started by it.</param>
    internal static string Find(string path, string? given) =>
        IsCredential(path) && !File.Exists(path) && !string.IsNullOrEmpty(given) && Path.Combine(given, Path.GetFileName(path)) is var own && File.Exists(own) ? own : path;

    /// <returns>What to do where there is no such file; null where systemd has nothing to do with it.</returns>
    public static string? Remedy(string path)
    {
        if (!IsCredential(path)) return null;
        var (unit, name) = (path[Folder.Length..].Split('/')[0], Path.GetFileName(path));
        var source = name.StartsWith(Secrets, StringComparison.Ordinal) ? $"/etc/trafficflow/secrets/{name[Secrets.Length..]}" : name;
        return $"systemd hands {source} to {unit} alone, while that runs: run this with sudo meanwhile, or, whether it runs or not, with "
            + "sudo systemd-run --pipe --wait --same-dir -p LoadCredential=secrets:/etc/trafficflow/secrets trafficflow ... (deploy/INSTALL.md)";
    }

    private static bool IsCredential(string path) => path.StartsWith(Folder, StringComparison.Ordinal);
}
