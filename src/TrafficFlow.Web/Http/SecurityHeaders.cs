using Microsoft.AspNetCore.Http;

namespace TrafficFlow.Web.Http;

/// <summary>
/// What browsers are told about every answer: nothing but our own files is loaded or run, nothing of ours is framed elsewhere, and what a page shows is not kept.
/// </summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    private const string TwoYears = "max-age=63072000";

    /// <summary>For a page of a library that makes its style at run time and knows nonces; styles written at single elements stay forbidden.</summary>
    /// <param name="nonce">Of this answer alone.</param>
    public static string PolicyWithStyle(string nonce) => Policy.Replace("style-src 'self'", $"style-src 'self' 'nonce-{nonce}'", StringComparison.Ordinal);

    public static Func<HttpContext, RequestDelegate, Task> For(bool https) => (context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        headers.CacheControl = "no-store";
        if (https) headers.StrictTransportSecurity = TwoYears;
        return next(context);
    };
}
