using Akka.Actor;

namespace TrafficFlow.Wire.Access;

/// <summary>An actor by its full path.</summary>
/// <param name="Host">"" for a path without a node.</param>
/// <param name="Path">Within the system: /user/relay; "/" for the root.</param>
internal sealed record ActorAt(string System, string Host, int Port, string Path)
{
    private const string Protocol = "akka.tcp";
    private const int LongestPath = 512;

    /// <summary>Null where the text is no path, or one that leads elsewhere than it says.</summary>
    public static ActorAt? Parse(string text)
    {
        try
        {
            if (text.Length > LongestPath || !ActorPath.TryParse(text, out var path)) return null;
            var address = path.Address;
            List<string> names = path.Elements is [""] ? [] : [.. path.Elements];
            // The library takes ".." for the parent.
            if (names.Any(n => !IsName(n))) return null;
            return address.Host is null or "" || address.Protocol == Protocol
                ? new ActorAt(address.System, address.Host ?? "", address.Port ?? 0, "/" + string.Join('/', names))
                : null;
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            // A uid that is no number.
            return null;
        }
    }

    /// <summary>Whether an actor may be called so.</summary>
    public static bool IsName(string name) => name is not ("" or "." or "..") && !name.Contains('/', StringComparison.Ordinal);
}
