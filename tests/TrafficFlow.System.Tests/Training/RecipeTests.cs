using System.Diagnostics;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Training;

/// <summary>The recipe of the detector, in Python. Debian's PyTorch is large and no part of a usual installation: without it these tests skip.</summary>
public sealed class RecipeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_recipe_packs_trains_exports_quantises_and_evaluates_pictures_of_its_own()
    {
        await NeedAsync("torch", "onnx", "cv2");
        var (code, output, error) = await RecipeAsync("self-test");
        Assert.True(code == 0, $"{output}{error}");
        Assert.Contains("self-test passed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("labels.json: expected a JSON file", "train", "--pack", "/nowhere", "--out", "/nowhere/run")]
    [InlineData("expected a folder with one folder a scene", "pack", "--real", "/nowhere", "--pack", "{folder}")]
    [InlineData("expected weights.pt", "export", "--weights", "/nowhere/weights.pt", "--out", "{folder}/v.onnx")]
    public async Task What_is_given_wrongly_is_told_in_one_line(string said, params string[] args)
    {
        await NeedAsync("torch", "onnx", "cv2");
        var folder = Directory.CreateTempSubdirectory("recipe-");
        try
        {
            var (code, _, error) = await RecipeAsync([.. args.Select(a => a.Replace("{folder}", folder.FullName, StringComparison.Ordinal))]);
            Assert.Equal(1, code);
            Assert.Contains(said, error, StringComparison.Ordinal);
            Assert.DoesNotContain("Traceback", error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static async Task NeedAsync(params string[] modules)
    {
        var (code, _, _) = await RunAsync("-c", $"import {string.Join(", ", modules)}");
        Assert.SkipUnless(code == 0, $"the recipe's packages are absent (apt-get install python3-torch python3-onnx python3-opencv): {string.Join(", ", modules)}");
    }

    private static Task<(int Code, string Output, string Error)> RecipeAsync(params string[] args) =>
        RunAsync(["-B", "-W", "ignore", "-m", "trafficflow_training", .. args]);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", args)
        {
            WorkingDirectory = Path.Combine(SharedFiles.Repository, "src", "TrafficFlow.Training"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, "", e.Message);
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            try
            {
                await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                process.Kill(true);
                throw;
            }

            return (process.ExitCode, await output, await error);
        }
    }
}
