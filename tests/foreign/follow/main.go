// Follow reads a served log by golang.org/x/mod/sumdb, the code that the Go checksum database
// is checked with, over HTTP: nothing of the tree or of the signatures is computed here.
//
//	follow URL VKEY              the checkpoint, and records proved by the tiles
//	follow URL VKEY SIZE ROOT    also that the tree of SIZE and ROOT begins the present one
//
// It prints one JSON object; the exit status is 0 when there are no findings, 1 when there
// are, 2 when it was called wrongly.
package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tileHeight is that of C2SP tlog-tiles: 256 hashes to a tile.
const tileHeight = 8

type report struct {
	OK       bool     `json:"ok"`
	Size     int64    `json:"size"`
	Root     string   `json:"root"`
	Old      int64    `json:"old"`
	Records  int      `json:"records"`
	Saved    int      `json:"saved"`
	Findings []string `json:"findings"`
}

// A server is the address of a log, and makes it a tlog.TileReader.
type server struct {
	url   string
	saved int
}

func (s *server) get(path string) ([]byte, error) {
	client := http.Client{Timeout: time.Minute}
	response, err := client.Get(s.url + "/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<25))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, response.Status)
	}
	return body, err
}

// tile reads a tile, or the full one in place of a partial one that is gone.
func (s *server) tile(t tlog.Tile) ([]byte, error) {
	data, err := s.get(path(t))
	if err != nil && t.W < 1<<tileHeight {
		t.W = 1 << tileHeight
		data, err = s.get(path(t))
	}
	return data, err
}

// path maps x/mod's tile path (tile/8/data/000) to that of C2SP (tile/entries/000).
func path(t tlog.Tile) string {
	path := "tile/" + strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

func (s *server) Height() int { return tileHeight }

func (s *server) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, t := range tiles {
		data, err := s.tile(t)
		if err != nil {
			return nil, err
		}
		if len(data) < t.W*tlog.HashSize {
			return nil, fmt.Errorf("%s is too short: %d bytes", path(t), len(data))
		}
		all[i] = data[:t.W*tlog.HashSize]
	}
	return all, nil
}

// SaveTiles is told of tiles that x/mod has authenticated.
func (s *server) SaveTiles(tiles []tlog.Tile, _ [][]byte) { s.saved += len(tiles) }

// entry reads one entry out of its bundle.
func (s *server) entry(n, size int64) ([]byte, error) {
	t := tlog.Tile{H: tileHeight, L: -1, N: n >> tileHeight, W: 1 << tileHeight}
	if rest := size - t.N<<tileHeight; rest < 1<<tileHeight {
		t.W = int(rest)
	}
	data, err := s.tile(t)
	if err != nil {
		return nil, err
	}
	for at := t.N << tileHeight; len(data) >= 2; at++ {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			break
		}
		if at == n {
			return data[2 : 2+length], nil
		}
		data = data[2+length:]
	}
	return nil, errors.New("the bundle does not hold the entry")
}

func main() {
	if len(os.Args) != 3 && len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: follow URL VKEY [SIZE ROOT]")
		os.Exit(2)
	}
	r := &report{Findings: []string{}}
	s := &server{url: os.Args[1]}
	if err := follow(s, os.Args[2], os.Args[3:], r); err != nil {
		r.Findings = append(r.Findings, err.Error())
	}
	r.Saved = s.saved
	r.OK = len(r.Findings) == 0
	json.NewEncoder(os.Stdout).Encode(r)
	if !r.OK {
		os.Exit(1)
	}
}

func follow(s *server, vkey string, known []string, r *report) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	msg, err := s.get("checkpoint")
	if err != nil {
		return err
	}
	opened, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return fmt.Errorf("checkpoint: got %q", opened.Text)
	}
	tree, err := parseTree(lines[1], lines[2])
	if err != nil {
		return err
	}
	r.Size, r.Root = tree.N, tree.Hash.String()
	reader := tlog.TileHashReader(tree, s)
	if len(known) == 2 {
		old, err := parseTree(known[0], known[1])
		if err != nil {
			return err
		}
		r.Old = old.N
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		if err == nil {
			err = tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
		}
		if err != nil {
			return fmt.Errorf("consistency: %v", err)
		}
	}
	for n := int64(0); n < tree.N; n += tree.N/50 + 1 {
		if err := checkRecord(s, reader, tree, n); err != nil {
			return fmt.Errorf("record %d: %v", n, err)
		}
		r.Records++
	}
	return checkRecord(s, reader, tree, tree.N-1)
}

func parseTree(size, root string) (tree tlog.Tree, err error) {
	if tree.N, err = strconv.ParseInt(size, 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(root)
	return tree, err
}

func checkRecord(s *server, reader tlog.HashReader, tree tlog.Tree, n int64) error {
	entry, err := s.entry(n, tree.N)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveRecord(tree.N, n, reader)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, n, tlog.RecordHash(entry))
}
