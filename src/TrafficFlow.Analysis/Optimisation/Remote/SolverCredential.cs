using System.Diagnostics;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>A service's token. It goes into a request's header and nowhere else: not into text, logs, errors or JSON.</summary>
[DebuggerDisplay("(secret)")]
public sealed class SolverCredential
{
    private readonly string _token;

    /// <exception cref="ArgumentException">It is empty, or has characters that no header takes; the message does not show it.</exception>
    public SolverCredential(string token)
    {
        if (string.IsNullOrWhiteSpace(token) || token.AsSpan().ContainsAnyExceptInRange('!', '~')) throw new ArgumentException("the token of a solver is printable ASCII without spaces");
        _token = token;
    }

    internal void Authorize(HttpRequestMessage request, string header, string scheme) => request.Headers.Add(header, scheme.Length == 0 ? _token : $"{scheme} {_token}");

    /// <summary>The text without the token, should a service send it back in an error; also as JSON writes it inside a text.</summary>
    internal string Redact(string text) => text
        .Replace(_token, "(secret)", StringComparison.OrdinalIgnoreCase)
        .Replace(_token.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), "(secret)", StringComparison.OrdinalIgnoreCase);

    internal bool IsIn(string text) => text.Contains(_token, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => "(secret)";
}
