using System.Globalization;
using System.Net;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads `listen`: off, or an IP address of this machine and a port.</summary>
internal static class ListenAddress
{
    /// <returns>Null for off, and where something is wrong, with a problem noted.</returns>
    public static IPEndPoint? Read(SettingsReader reader, string remedy)
    {
        const string Key = "listen";
        if (reader.OptionalText(Key) is not { } text || text is "off" or "false") return null;
        var colon = text.LastIndexOf(':');
        var (host, port) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > IPEndPoint.MaxPort)
        {
            reader.Problem(Key, $"\"{text}\" has no port", remedy);
            return null;
        }

        var isBracketed = host is ['[', .., ']'];
        var literal = host == "localhost" ? "127.0.0.1" : isBracketed ? host[1..^1] : host;
        // 127.1 and 0x7f.1 are addresses to .NET, and slips to everybody else.
        if (IPAddress.TryParse(literal, out var address) && isBracketed == literal.Contains(':', StringComparison.Ordinal) && (isBracketed || address.ToString() == literal))
            return new IPEndPoint(address, number);
        reader.Problem(Key, $"\"{host}\" is not an IP address", remedy);
        return null;
    }
}
