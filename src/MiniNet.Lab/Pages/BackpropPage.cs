using MiniNet.Data;
using MiniNet.Figures;
using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Stepping;

namespace MiniNet.Pages;

/// <summary>
/// The steps of a <see cref="BackpropStepper"/> as one page to hand to a class: the graph, forth and back through the steps, every matrix with its numbers,
/// and for each number those it was made of. One HTML file that needs no network and runs in any browser.
/// </summary>
/// <remarks>
/// The page's parts are the files under <c>Page</c>. Numbers stand in it with all their digits, as the engine computed them: the page adds up none of its own.
/// Each tensor stands in it once, at about 11 bytes a number: a network of a million weights makes a file of tens of megabytes. More than
/// <see cref="MaxNumbers"/> are refused.
/// </remarks>
/// <example>
/// <code>
/// List&lt;Step&gt; steps = [];
/// foreach (Step step in new BackpropStepper(graph, x, targets, optimizer))
///     steps.Add(step);
/// File.WriteAllText("backprop.html", BackpropPage.Draw(graph, steps, "One training step", optimizer));
/// </code>
/// </example>
public static class BackpropPage
{
    /// <summary>The most numbers that a page holds, those of equal tensors counted once: about 45 MB.</summary>
    public const int MaxNumbers = 4_000_000;

    /// <summary>Draws the page.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="steps">Steps of it, in their order; at least one. They are copies, so all can be done before.</param>
    /// <param name="title">What stands above.</param>
    /// <param name="optimizer">Who took the steps' updates, as it is after the last: the page then shows its learning rate and all else that makes the new weights.</param>
    /// <param name="preprocessing">What made the input of a table's rows: the page then names its columns, and the classes.</param>
    /// <returns>The page, an HTML document.</returns>
    /// <exception cref="ArgumentException">There are no steps, or one is of another graph, or they hold more than <see cref="MaxNumbers"/> numbers.</exception>
    public static string Draw(Graph graph, IEnumerable<Step> steps, string title, Optimizer? optimizer = null, Preprocessing? preprocessing = null)
    {
        List<Step> all = [.. steps];
        if (all.Count == 0)
        {
            throw new ArgumentException("There are no steps to show.", nameof(steps));
        }

        if (all.Find(step => step.Node is { } node && node.Graph != graph) is { } stranger)
        {
            throw new ArgumentException($"{stranger.Name} is a node of another graph.", nameof(steps));
        }

        return PageParts.Page("BackpropPage", title, ("graph", GraphPicture.Draw(graph)), ("data", new PageData(graph, optimizer, preprocessing).Of(all)));
    }
}
