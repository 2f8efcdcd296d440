using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrafficFlow.Node.Tokens;

namespace TrafficFlow.Node.Watch;

/// <summary>The server that `watch --server` reads from, the token that it shows, and what the server's certificate is held against.</summary>
/// <param name="Uri">https, host and port.</param>
/// <param name="Ca">Whose certificates count; null for those that this machine trusts.</param>
/// <param name="Pin">SHA-256 of the only certificate that counts; null for any.</param>
internal sealed record ServerAddress(Uri Uri, string Token, X509Certificate2Collection? Ca, string? Pin)
{
    public const string TokenVariable = "TRAFFICFLOW_TOKEN";
    private const int LongestFile = 4 * 1024;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="UsageException">Something of it cannot be used; the message says what to do.</exception>
    public static ServerAddress Of(string server, string? tokenFile, string? ca, string? pin) => new(ReadUri(server), ReadToken(tokenFile), ca is null ? null : ReadCa(ca), pin is null ? null : ReadPin(pin));

    /// <summary>Without what a proxy's or a user's name might hold.</summary>
    public override string ToString() => Uri.Authority;

    private static Uri ReadUri(string server)
    {
        const string Remedy = "write https://HOST:PORT, as trafficflow.subscriptions.listen of the server has the port";
        if (server.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) throw new UsageException($"--server: a token is not sent in plain text: {Remedy}");
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.Host.Length == 0) throw new UsageException($"--server {server} is no address of a server: {Remedy}");
        return uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" } ? uri : throw new UsageException($"--server: nothing but host and port belongs there: {Remedy}");
    }

    private static string ReadToken(string? file)
    {
        var where = file is null ? $"the variable {TokenVariable}" : file;
        var text = (file is null ? Environment.GetEnvironmentVariable(TokenVariable) : ReadFile(file))?.Trim();
        if (string.IsNullOrEmpty(text))
            throw new UsageException(file is null ? $"--server needs a token: name its file with --token-file FILE, or set {TokenVariable}. Who runs the server makes one with trafficflow token create" : $"{file} is empty: put the token into it");
        return TokenText.IsToken(text) ? text : throw new UsageException($"{where} holds no token of trafficflow, which begins with tft_ and has 47 letters: copy all of what trafficflow token create printed");
    }

    private static string ReadFile(string file)
    {
        try
        {
            var place = new FileInfo(file);
            if (!place.Exists) throw new UsageException($"there is no file {file} with a token");
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0) throw new UsageException($"{file} can be read by other accounts of this machine, and whoever has the token is let in: chmod 600 {file}");
            return place.Length <= LongestFile ? File.ReadAllText(file) : throw new UsageException($"{file} is larger than any token: name the file with the token alone in it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be read: {e.Message}");
        }
    }

    private static X509Certificate2Collection ReadCa(string file)
    {
        try
        {
            var ca = new X509Certificate2Collection();
            ca.ImportFromPemFile(file);
            return ca.Count > 0 ? ca : throw new UsageException($"--ca {file} holds no certificate in PEM form: take the ca.crt of the server's CA");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"--ca {file} cannot be used ({e.Message}): take the ca.crt of the server's CA");
        }
    }

    private static string ReadPin(string text)
    {
        var digits = text.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigit) ? digits
            : throw new UsageException($"--pin {text} is no SHA-256: write the 64 digits that `openssl x509 -in node.crt -noout -fingerprint -sha256` prints, or ca.sh list");
    }
}
