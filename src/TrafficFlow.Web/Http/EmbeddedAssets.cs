using System.Collections.Concurrent;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace TrafficFlow.Web.Http;

/// <summary>
/// Styles and scripts, which lie in the assembly: a node needs no folder of them, wherever it is started from. Each is compressed once, and known by its content.
/// </summary>
internal static class EmbeddedAssets
{
    private const string Prefix = "web/";
    private static readonly FileExtensionContentTypeProvider Types = new();

    private sealed record Asset(string MediaType, byte[] Bytes, byte[] Compressed, string Tag);

    private static readonly Lazy<IReadOnlyDictionary<string, Asset>> All = new(() => typeof(EmbeddedAssets).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(n => n[(Prefix.Length - 1)..], n => Read(typeof(EmbeddedAssets).Assembly, n)));

    private static readonly ConcurrentDictionary<string, Asset> Others = new();

    /// <summary>Its address with its content's mark: browsers keep it for a year, and never an old one.</summary>
    public static string AddressOf(string path) => All.Value.TryGetValue(path, out var asset) ? $"{path}?v={asset.Tag}" : throw new ArgumentException($"there is no asset {path}", nameof(path));

    /// <summary>Compresses them all: who opens the first page need not wait for it.</summary>
    public static void Prepare() => _ = All.Value;

    public static Task AnswerAsync(HttpContext context) => AnswerAsync(context, All.Value.GetValueOrDefault(context.Request.Path.Value ?? ""));

    /// <summary>A file that lies in another assembly.</summary>
    /// <param name="resource">Its name there.</param>
    public static Task AnswerAsync(HttpContext context, Assembly assembly, string resource) => AnswerAsync(context, Others.GetOrAdd(resource, name => Read(assembly, name)));

    private static async Task AnswerAsync(HttpContext context, Asset? asset)
    {
        if (asset is null)
        {
            await new Problem(StatusCodes.Status404NotFound, "No such file", "there is nothing at this address", "begin at /").WriteAsync(context);
            return;
        }

        var (request, response) = (context.Request, context.Response);
        var tag = new EntityTagHeaderValue($"\"{asset.Tag}\"");
        response.GetTypedHeaders().ETag = tag;
        response.Headers.CacheControl = request.Query["v"] == asset.Tag ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate";
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var compressed = request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value == "br" && e.Quality is null or > 0);
        if (compressed) response.Headers.ContentEncoding = "br";
        var bytes = compressed ? asset.Compressed : asset.Bytes;
        response.ContentType = asset.MediaType;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(request.Method)) await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static Asset Read(Assembly assembly, string name)
    {
        using var resource = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no resource {name}");
        using var bytes = new MemoryStream();
        Span<byte> begin = stackalloc byte[2];
        resource.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false);
        resource.Position = 0;
        // Others lie compressed in their assemblies.
        using (var plain = begin.SequenceEqual<byte>([0x1f, 0x8b]) ? new GZipStream(resource, CompressionMode.Decompress) : resource) plain.CopyTo(bytes);
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, new BrotliCompressionOptions { Quality = 5 })) brotli.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
        return new Asset(
            Types.TryGetContentType(name, out var type) ? type : "application/octet-stream", bytes.ToArray(), compressed.ToArray(), Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))[..16]);
    }
}
