using TrafficFlow.Wire.Tls;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.node.remoting.tls and looks into the files: a node that nobody would let in does not start.</summary>
internal static class TlsSection
{
    /// <param name="hostname">What other nodes call this one; its certificate must name it.</param>
    /// <returns>Null where a key is missing.</returns>
    public static TlsFiles? Read(SettingsReader tls, string hostname, TimeProvider time)
    {
        var files = new TlsFiles(
            ReadFile(tls, "ca", "set the CA's certificate, ca.crt"),
            ReadFile(tls, "certificate", "set this node's certificate, NAME.crt"),
            ReadFile(tls, "key", "set this node's private key, NAME.key"),
            ReadFile(tls, "pins", "set the list of certificates that may join, pins.txt"));
        tls.RefuseUnknown();
        if (new[] { files.Ca, files.Certificate, files.Key, files.Pins, hostname }.Contains("")) return null;
        NodeCertificates.Read(files, hostname, time.GetUtcNow(), out var problems);
        foreach (var problem in problems)
            tls.Problem(Key(problem.File), problem.Text, problem.File == TlsFile.Key && !File.Exists(files.Key) && UnitCredential.Remedy(files.Key) is { } handed ? handed : problem.Remedy);
        return files;
    }

    private static string ReadFile(SettingsReader tls, string key, string remedy)
    {
        var file = tls.Text(key, remedy);
        return file.Length == 0 ? "" : UnitCredential.Find(Path.GetFullPath(Path.Combine(tls.Find(key)!.Origin.Folder, file)));
    }

    private static string Key(TlsFile file) => file switch
    {
        TlsFile.Ca => "ca",
        TlsFile.Certificate => "certificate",
        TlsFile.Key => "key",
        TlsFile.Pins => "pins",
        _ => throw new ArgumentOutOfRangeException(nameof(file), file, "no such file"),
    };
}
