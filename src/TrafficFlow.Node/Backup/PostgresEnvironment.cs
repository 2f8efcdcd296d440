using Npgsql;

namespace TrafficFlow.Node.Backup;

/// <summary>
/// How PostgreSQL's own programs are told to encrypt and to check the server, as the node's connection does: left alone, they would go without encryption where
/// the server has none. Pure but for the look at Debian's list of CAs.
/// </summary>
internal static class PostgresEnvironment
{
    /// <summary>Npgsql takes it by itself, libpq none unless it is named.</summary>
    private const string KnownCas = "/etc/ssl/certs/ca-certificates.crt";

    /// <returns>Variables of libpq; none where the connection says nothing of encryption.</returns>
    public static IReadOnlyDictionary<string, string> Of(NpgsqlConnectionStringBuilder connection)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        // Both prefer encryption where nothing is said.
        if (connection.SslMode != SslMode.Prefer) variables["PGSSLMODE"] = Word(connection.SslMode);
        if (connection.RootCertificate is { Length: > 0 } root) variables["PGSSLROOTCERT"] = Path.GetFullPath(root);
        else if (connection.SslMode is SslMode.VerifyCA or SslMode.VerifyFull && File.Exists(KnownCas)) variables["PGSSLROOTCERT"] = KnownCas;
        if (connection.SslCertificate is { Length: > 0 } certificate) variables["PGSSLCERT"] = Path.GetFullPath(certificate);
        if (connection.SslKey is { Length: > 0 } key) variables["PGSSLKEY"] = Path.GetFullPath(key);
        return variables;
    }

    /// <summary>To stand before a command of a shell; empty where there is nothing to say.</summary>
    public static string Words(IReadOnlyDictionary<string, string> variables) => string.Concat(variables.Select(v => $"{v.Key}={Quoted(v.Value)} "));

    private static string Quoted(string value) => value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? value : $"'{value.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string Word(SslMode mode) => mode switch
    {
        SslMode.Disable => "disable",
        SslMode.Allow => "allow",
        SslMode.Prefer => "prefer",
        SslMode.Require => "require",
        SslMode.VerifyCA => "verify-ca",
        SslMode.VerifyFull => "verify-full",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "no such mode"),
    };
}
